import * as pulumi from "@pulumi/pulumi";
import { requirePackage } from "./hostLayout";
import { requireKnownArguments, requireKnownSettings } from "./knownSettings";
import { foreignProvider } from "./messages";
import { providerType } from "./texts";
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
  /** @internal */
  static readonly __pulumiType = providerType;

  /** The settings, for data sources. @internal */
  readonly settings: pulumi.Output<RawSettings>;
  /** The endpoint, unless it is an output. @internal */
  readonly knownEndpoint: string | undefined;

  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    requireKnownArguments(name, args);
    const settings = asTexts(args);
    const inputs = Object.entries(settings).map(([key, value]) => [`ostor:${key}`, value]);
    super("pulumi-nodejs", name, Object.fromEntries(inputs) as pulumi.Inputs, opts);
    this.settings = pulumi.output(settings);
    this.knownEndpoint = typeof args.endpoint === "string" ? args.endpoint : undefined;
    Object.defineProperty(this, marker, { value: true });
  }

  /** Whether a value is a Provider, also one of another copy of this package. */
  static override isInstance(value: unknown): value is Provider {
    return typeof value === "object" && value !== null && marker in value;
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

type Texts = Partial<Record<SettingName, pulumi.Output<string>>>;

function asTexts(args: ProviderArgs): Texts {
  const given = Object.entries({ ...args, explicit: true }).filter(
    ([, value]) => value !== undefined,
  );
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
  resource: string,
  type: string,
  opts: pulumi.CustomResourceOptions,
): void {
  requirePackage(resource);
  const provider = opts.provider ?? opts.parent?.getProvider(type);
  if (provider === undefined) requireKnownSettings();
  if (provider === undefined || Provider.isInstance(provider)) return;
  throw foreignProvider(resource);
}
