import * as pulumi from "@pulumi/pulumi";
import { typeOf, type Kind } from "./frontDoor";
import { differentClusters } from "./messages";
import { endpointOf, type Provider } from "./provider";
import { registrationOf } from "./registration";

/** A class of this package that recognises its resources. */
interface Class<T extends pulumi.Resource> {
  isInstance(value: unknown): value is T;
}

/** The resource that an argument names, directly or by one of its outputs; undefined for a value derived from an output. */
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

/** The explicit provider of a resource, set or inherited. */
export function providerOf(resource: pulumi.Resource): Provider | undefined {
  return registrationOf(resource)?.opts.provider as Provider | undefined;
}

/**
 * Options with the provider of a user, for a resource of that user.
 *
 * @throws pulumi.RunError if the options name another cluster
 */
export function withProviderOf(
  kind: Kind,
  name: string,
  user: pulumi.Resource | undefined,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  if (!user || opts.id !== undefined) return opts;
  const provider = opts.provider ?? providerOf(user);
  const used = provider ?? opts.parent?.getProvider(typeOf(kind));
  requireSameCluster(`${kind} ${name}`, used as Provider | undefined, user);
  return provider ? { ...opts, provider } : opts;
}

function requireSameCluster(
  resource: string,
  used: Provider | undefined,
  user: pulumi.Resource,
): void {
  const ofUser = providerOf(user);
  if (used === ofUser) return;
  const [own, other] = [endpointOf(used), endpointOf(ofUser)];
  if (own === undefined || other === undefined || own === other) return;
  throw differentClusters(
    resource,
    { name: nameOf(used), endpoint: own },
    pulumi.resourceName(user),
    { name: nameOf(ofUser), endpoint: other },
  );
}

function nameOf(provider: Provider | undefined): string {
  return provider ? `provider ${pulumi.resourceName(provider)}` : "the default provider";
}
