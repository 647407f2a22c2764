import * as pulumi from "@pulumi/pulumi";
import { endpointOf, type Provider } from "./provider";
import { registrationOf } from "./registration";

/** A class of this package that recognises its resources. */
interface Class<T extends pulumi.Resource> {
  isInstance(value: unknown): value is T;
}

/** The resource that was given, also by one of its own outputs. A value derived from an output is none. */
export function resourceOf<T extends pulumi.Resource>(
  value: unknown,
  type: Class<T>,
): T | undefined {
  if (type.isInstance(value)) return value;
  if (!pulumi.Output.isInstance(value)) return undefined;
  const { resources } = value as unknown as { resources?: () => Set<pulumi.Resource> };
  const behind = [...(resources?.call(value) ?? [])].filter((each) => type.isInstance(each));
  return behind.find((each) => Object.values(each).includes(value));
}

/** The explicit provider of a resource, also one that it inherits. */
export function providerOf(resource: pulumi.Resource): Provider | undefined {
  return registrationOf(resource)?.opts.provider as Provider | undefined;
}

/**
 * Options with the provider of a user, for what belongs to that user.
 *
 * @throws pulumi.RunError when the options name another cluster
 */
export function withProviderOf(
  resource: string,
  type: string,
  user: pulumi.Resource | undefined,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  if (!user || opts.id !== undefined) return opts;
  const provider = opts.provider ?? providerOf(user);
  const used = provider ?? opts.parent?.getProvider(type);
  requireSameCluster(resource, used as Provider | undefined, user);
  return provider ? { ...opts, provider } : opts;
}

function requireSameCluster(
  resource: string,
  used: Provider | undefined,
  user: pulumi.Resource,
): void {
  const theirs = providerOf(user);
  if (used === theirs) return;
  const [own, other] = [endpointOf(used), endpointOf(theirs)];
  if (own === undefined || other === undefined || own === other) return;
  throw new pulumi.RunError(
    `${resource}: its provider is ${nameOf(used)} (${own}), and user ${pulumi.resourceName(user)} has ${nameOf(theirs)} (${other}); give both the same provider`,
  );
}

function nameOf(provider: Provider | undefined): string {
  return provider ? `provider ${pulumi.resourceName(provider)}` : "the default provider";
}
