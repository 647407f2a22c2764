import * as pulumi from "@pulumi/pulumi";
import type { collectSettings, Lookups, RawSettings } from "pulumi-ostor/provider";
import type { Provider } from "./provider";
import type { LookupOutputOptions } from "./lookupOptions";
import { questionOf } from "./question";
import { isMocked } from "./registration";
import { inlineHint, stackSettings } from "./stackSettings";
import { User } from "./user";

/** What every Output has, though its public type doesn't tell. */
interface Tracked {
  allResources(): Promise<Set<pulumi.Resource>>;
  isKnown: Promise<boolean>;
}

/** The SDK's own record of what is below a resource. */
interface Parent {
  __childResources?: Set<pulumi.Resource>;
}

type Ask<Query, Result> = (lookups: Lookups, query: Query) => Promise<Result>;

/** A `get…` function: its name, the names of its arguments, and what it asks. */
export interface Lookup<Query, Result> {
  name: string;
  takes: (keyof Query & string)[];
  ask: Ask<Query, Result>;
}

/** Asks the cluster now. Under mocks the question goes to `mocks.call`. */
export async function lookup<Query extends object, Result>(
  { name, takes, ask }: Lookup<Query, Result>,
  args: object,
  opts: object,
): Promise<Result> {
  const { query, provider } = questionOf<Query>(name, takes, args, opts);
  requirePlain(name, query);
  if (isMocked()) return (await pulumi.runtime.invoke(token(name), query)) as Result;
  if (!provider) return run(query, stackSettings(name), ask);
  const settings = await knownSettings(name, provider);
  return run(query, () => settings, ask);
}

function requirePlain(name: string, query: object): void {
  const waits = Object.entries(query).find(([, value]) => typeof value !== "string");
  if (waits) throw new pulumi.RunError(`${name}: ${waits[0]} is not a string; use ${name}Output`);
}

/** Asks the cluster once the arguments are known and every resource behind them exists. */
export function lookupOutput<Query extends object, Result>(
  { name, takes, ask }: Lookup<Query, Result>,
  args: object,
  opts: object,
): pulumi.Output<Result> {
  const { query, provider, dependsOn } = questionOf<object>(`${name}Output`, takes, args, opts);
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
      run(args as Query, ofStack ?? (() => given as unknown as RawSettings), ask),
    );
}

/** A User stands for its id. */
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

/** Loads the client only now: a program that asks nothing never pays for it. */
async function run<Query, Result>(
  query: Query,
  settings: (collect: typeof collectSettings) => RawSettings,
  ask: Ask<Query, Result>,
): Promise<Result> {
  const { collectSettings, lookups } = await import("pulumi-ostor/provider");
  const raw = settings(collectSettings);
  try {
    return await ask(lookups(raw), query);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new pulumi.RunError(`${message}${raw.explicit === "true" ? "" : inlineHint()}`);
  }
}

/**
 * The ids of all resources behind an output. While one is unknown, so is the answer: an address may be known
 * in the first preview, and the user not be there.
 */
function idsBehind(output: pulumi.Output<unknown>): pulumi.Output<unknown> {
  const behind = (output as unknown as Tracked).allResources();
  return pulumi.output(behind.then((resources) => pulumi.all(idsIn([...resources]))));
}

function idsOf(dependsOn: LookupOutputOptions["dependsOn"]): pulumi.Output<unknown> {
  const given = pulumi.output<unknown>(dependsOn) as pulumi.Output<unknown>;
  return given.apply((resources) => pulumi.all(idsIn([resources].flat() as pulumi.Resource[])));
}

/** The ids of resources; a component stands for what is below it. */
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
  throw new pulumi.RunError(
    `${name}: the provider's settings are not known in this preview; use ${name}Output`,
  );
}
