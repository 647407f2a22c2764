import * as pulumi from "@pulumi/pulumi";
import { requirePackage } from "./hostLayout";
import { requireKnownArguments, requireKnownSettings } from "./knownSettings";
import { foreignProvider } from "./messages";
import {
  hasType,
  isPluginUsed,
  pluginOptions,
  providerTypes,
  typeOf,
  type Kind,
} from "./frontDoor";
import type { RawSettings, SettingName, SignatureVersion, Dialect } from "pulumi-ostor/provider";

const marker = Symbol.for("pulumi-ostor.Provider");

/** Settings of one cluster. `OSTOR_*` variables never apply to them. */
export interface ProviderArgs {
  /** Scheme, host and port of the S3 gateway, such as `https://s3.example.com`. */
  endpoint: pulumi.Input<string>;
  /** Id of the access key of a system user. */
  accessKeyId: pulumi.Input<string>;
  /** Secret of that key; always stored encrypted. */
  secretAccessKey: pulumi.Input<string>;
  /** The region in V4 signatures; default `us-east-1`. */
  region?: pulumi.Input<string> | undefined;
  /** `auto` (default) starts with V4, and uses V2 if that is rejected. */
  signatureVersion?: pulumi.Input<SignatureVersion> | undefined;
  /** The verb that generates and revokes keys: `"put"` only for releases 2.x. Default `"post"`. */
  dialect?: pulumi.Input<Dialect> | undefined;
  /** Path of a PEM file with the authorities to trust instead of those of Node.js. */
  caFile?: pulumi.Input<string> | undefined;
  /** The authorities as PEM text. */
  caPem?: pulumi.Input<string> | undefined;
  /** Accept any certificate; default false. */
  insecure?: pulumi.Input<boolean> | undefined;
  /** Time limit of one attempt in seconds; default 30. */
  timeoutSeconds?: pulumi.Input<number> | undefined;
  /** Time limit of one operation with all its attempts and pauses, in seconds, and never less than one attempt; default 120. */
  deadlineSeconds?: pulumi.Input<number> | undefined;
  /** Retries after a failure that may pass; default 4. */
  maxRetries?: pulumi.Input<number> | undefined;
  /** Requests at the same time; default 32. */
  maxConcurrency?: pulumi.Input<number> | undefined;
}

/**
 * The settings of one cluster, for programs that manage several, or that keep the stack's other configuration out of the
 * provider's state. Give it as `{ provider }` to resources and to `get…` functions.
 *
 * @example
 * const config = new pulumi.Config();
 * const eu = new ostor.Provider("eu", {
 *   endpoint: config.require("euEndpoint"),
 *   accessKeyId: config.require("euAccessKeyId"),
 *   secretAccessKey: config.requireSecret("euSecretAccessKey"),
 * });
 * new ostor.User("globex", { emailAddress: "ops@globex.example" }, { provider: eu });
 */
export class Provider extends pulumi.ProviderResource {
  /** The settings, for data sources. @internal */
  readonly settings: pulumi.Output<RawSettings>;
  /** The endpoint, unless it is an output. @internal */
  readonly knownEndpoint: string | undefined;

  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    requireKnownArguments(name, args);
    const given = asTexts(args);
    const settings = { ...given, explicit: pulumi.output("true") };
    if (isPluginUsed()) super("ostor", name, given, { ...pluginOptions(), ...opts });
    else super("pulumi-nodejs", name, withPrefix(settings), opts);
    this.settings = pulumi.output(settings);
    this.knownEndpoint = typeof args.endpoint === "string" ? args.endpoint : undefined;
    Object.defineProperty(this, marker, { value: true });
  }

  /** Whether a value is a Provider, also one of another copy of this package. */
  static override isInstance(value: unknown): value is Provider {
    if (typeof value !== "object" || value === null) return false;
    // A policy asks with nothing but a type. A resource of that type may be a provider of another package.
    return marker in value || (!pulumi.Resource.isInstance(value) && hasType(value, providerTypes));
  }
}

/** A name for the cluster of a provider: its endpoint if that is known, else the name of the provider. */
export function clusterOf(provider: Provider | undefined): string {
  return (
    endpointOf(provider) ?? (provider ? `provider ${pulumi.resourceName(provider)}` : "default")
  );
}

/** The endpoint of a provider, or of the stack's configuration; undefined if this process does not know it. */
export function endpointOf(provider: Provider | undefined): string | undefined {
  const endpoint = provider
    ? provider.knownEndpoint
    : (pulumi.runtime.getConfig("ostor:endpoint") ?? process.env["OSTOR_ENDPOINT"]);
  return endpoint && URL.canParse(endpoint) ? new URL(endpoint).origin : endpoint;
}

/** The settings by key, as in configuration. */
function withPrefix(settings: Texts): pulumi.Inputs {
  const inputs = Object.entries(settings).map(([name, value]) => [`ostor:${name}`, value]);
  return Object.fromEntries(inputs) as pulumi.Inputs;
}

type Texts = Partial<Record<SettingName, pulumi.Output<string>>>;

function asTexts(args: ProviderArgs): Texts {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const texts = given.map(([name, value]) => {
    const text = pulumi.output(value as pulumi.Input<string | number | boolean>).apply(String);
    return [name, name === "secretAccessKey" ? pulumi.secret(text) : text];
  });
  return Object.fromEntries(texts) as Texts;
}

/**
 * Refuses a provider of another package: all dynamic providers share one type, so the engine would use it for these resources,
 * or its credentials for this provider.
 *
 * @throws pulumi.RunError
 */
export function requireOurProvider(
  kind: Kind,
  name: string,
  opts: pulumi.CustomResourceOptions,
): void {
  const resource = `${kind} ${name}`;
  // The plugin needs no package in the project, and checks the configuration itself.
  const isDynamic = !isPluginUsed();
  if (isDynamic) requirePackage(resource);
  const provider = opts.provider ?? opts.parent?.getProvider(typeOf(kind));
  if (provider === undefined && isDynamic) requireKnownSettings();
  if (provider === undefined || Provider.isInstance(provider)) return;
  throw foreignProvider(resource);
}
