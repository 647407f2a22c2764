import * as pulumi from "@pulumi/pulumi";
import type { collectSettings, Lookups, RawSettings } from "pulumi-ostor/provider";
import type { Provider } from "./provider";
import type { LookupOutputOptions } from "./lookupOptions";
import { lookupFailed, notString, settingsNotKnown } from "./messages";
import { queryOf } from "./query";
import { isMocked } from "./registration";
import { isInline } from "./run";
import { stackSettings } from "./stackSettings";
import { User } from "./user";

/** Members of every Output that its public type omits. */
interface Tracked {
  allResources(): Promise<Set<pulumi.Resource>>;
  isKnown: Promise<boolean>;
}

/** The SDK's record of the children of a resource. */
interface Parent {
  __childResources?: Set<pulumi.Resource>;
}

type Read<Query, Result> = (lookups: Lookups, query: Query) => Promise<Result>;

/** A `get…` function: its name, the names of its arguments, and what it reads. */
export interface Lookup<Query, Result> {
  name: string;
  argumentNames: (keyof Query & string)[];
  read: Read<Query, Result>;
}

/** Reads the cluster now. Under mocks, calls `mocks.call`. */
export async function lookup<Query extends object, Result>(
  { name, argumentNames, read }: Lookup<Query, Result>,
  args: object,
  opts: object,
): Promise<Result> {
  const { query, provider } = queryOf<Query>(name, argumentNames, args, opts);
  requirePlain(name, query);
  if (isMocked()) return (await pulumi.runtime.invoke(token(name), query)) as Result;
  if (!provider) return run(query, stackSettings(name), read);
  const settings = await knownSettings(name, provider);
  return run(query, () => settings, read);
}

function requirePlain(name: string, query: object): void {
  const waits = Object.entries(query).find(([, value]) => typeof value !== "string");
  if (waits) throw notString(name, waits[0]);
}

/** Reads the cluster when the arguments are known and all resources behind them exist. */
export function lookupOutput<Query extends object, Result>(
  { name, argumentNames, read }: Lookup<Query, Result>,
  args: object,
  opts: object,
): pulumi.Output<Result> {
  const { query, provider, dependsOn } = queryOf<object>(
    `${name}Output`,
    argumentNames,
    args,
    opts,
  );
  const known = pulumi.output(asInputs(query)) as unknown as pulumi.Output<Query>;
  if (isMocked()) {
    return known.apply(
      async (args) => (await pulumi.runtime.invoke(token(name), args as pulumi.Inputs)) as Result,
    );
  }
  const ofStack = provider ? undefined : stackSettings(name);
  const settings = provider ? pulumi.unsecret(provider.settings) : undefined;
  return pulumi
    .all([known, idsBehind(known), idsOf(dependsOn), settings])
    .apply(([args, , , given]) =>
      run(args as Query, ofStack ?? (() => given as unknown as RawSettings), read),
    );
}

/** The arguments, with the id of each User. */
function asInputs(query: object): object {
  const inputs = Object.entries(query).map(([name, value]: [string, unknown]) => [
    name,
    User.isInstance(value) ? value.userId : value,
  ]);
  return Object.fromEntries(inputs) as object;
}

function token(name: string): string {
  return `ostor:index:${name}`;
}

/** Loads the client here: programs without data sources do not need it. */
async function run<Query, Result>(
  query: Query,
  settings: (collect: typeof collectSettings) => RawSettings,
  read: Read<Query, Result>,
): Promise<Result> {
  const { CodedError, collectSettings, lookups } = await import("pulumi-ostor/provider");
  const raw = settings(collectSettings);
  try {
    return await read(lookups(raw), query);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const code = error instanceof CodedError ? error.code : "";
    throw lookupFailed({ code, text }, raw.explicit !== "true" && isInline());
  }
}

/**
 * The ids of all resources behind an output. If one is unknown, the result is too: in the first preview an address may be
 * known although the user does not exist.
 */
function idsBehind(output: pulumi.Output<unknown>): pulumi.Output<unknown> {
  const behind = (output as unknown as Tracked).allResources();
  return pulumi.output(behind.then((resources) => pulumi.all(idsIn([...resources]))));
}

function idsOf(dependsOn: LookupOutputOptions["dependsOn"]): pulumi.Output<unknown> {
  const given = pulumi.output<unknown>(dependsOn) as pulumi.Output<unknown>;
  return given.apply((resources) => pulumi.all(idsIn([resources].flat() as pulumi.Resource[])));
}

/** The ids of resources; for a component, those of its children. */
function idsIn(resources: (pulumi.Resource | undefined)[]): pulumi.Output<string>[] {
  return resources.flatMap((resource) => {
    if (pulumi.CustomResource.isInstance(resource)) return [resource.id];
    const { __childResources: children } = (resource ?? {}) as Parent;
    return idsIn([...(children ?? [])]);
  });
}

/** Settings of an explicit provider as plain values, for the functions that return promises. */
async function knownSettings(name: string, provider: Provider): Promise<RawSettings> {
  const { isKnown } = provider.settings as unknown as Tracked;
  if (await isKnown)
    return new Promise((resolve) => provider.settings.apply(resolve as (value: unknown) => void));
  throw settingsNotKnown(name);
}
