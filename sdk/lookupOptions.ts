import type * as pulumi from "@pulumi/pulumi";
import type { Provider } from "./provider";

/** Options of the `get…` functions. */
export interface LookupOptions {
  /** The cluster to read; by default that of the stack's configuration. */
  provider?: Provider | undefined;
  /** A resource whose provider is used if none is given. */
  parent?: pulumi.Resource | undefined;
}

/** Options of the `get…Output` functions. */
export interface LookupOutputOptions extends LookupOptions {
  /** Resources that must exist before the cluster is read. */
  dependsOn?:
    | pulumi.Input<pulumi.Input<pulumi.Resource>[]>
    | pulumi.Input<pulumi.Resource>
    | undefined;
}
