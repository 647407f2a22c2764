import * as pulumi from "@pulumi/pulumi";
import type { collectSettings, Lookups, RawSettings } from "pulumi-ostor/provider";
import { Provider } from "./provider";
import { isMocked } from "./run";
import { inlineHint, stackSettings } from "./stackSettings";

/** Options of the `get…` functions. */
export interface LookupOptions {
  /** The cluster to ask; the one of the stack's configuration when left out. */
  provider?: Provider | undefined;
}

/** Options of the `get…Output` functions. */
export interface LookupOutputOptions extends LookupOptions {
  /** Resources that must exist before the cluster is asked. */
  dependsOn?: pulumi.Resource | pulumi.Resource[] | undefined;
}

/** What every Output has, though its public type doesn't tell. */
interface Tracked {
  allResources(): Promise<Set<pulumi.Resource>>;
  isKnown: Promise<boolean>;
}

type Ask<Query, Result> = (lookups: Lookups, query: Query) => Promise<Result>;

/** Asks the cluster now. Under mocks the question goes to `mocks.call`. */
export async function lookup<Query extends object, Result>(
  name: string,
  query: Query,
  opts: LookupOptions,
  ask: Ask<Query, Result>,
): Promise<Result> {
  requireOursFor(name, opts);
  if (isMocked()) return (await pulumi.runtime.invoke(token(name), query)) as Result;
  if (!opts.provider) return run(query, stackSettings(name), ask);
  const settings = await knownSettings(name, opts.provider);
  return run(query, () => settings, ask);
}

/** Asks the cluster once the arguments are known and every resource behind them exists. */
export function lookupOutput<Query extends object, Result>(
  name: string,
  query: { [K in keyof Query]: pulumi.Input<Query[K]> },
  opts: LookupOutputOptions,
  ask: Ask<Query, Result>,
): pulumi.Output<Result> {
  requireOursFor(name, opts);
  const known = pulumi.output(query) as unknown as pulumi.Output<Query>;
  if (isMocked()) {
    return known.apply(
      async (args) => (await pulumi.runtime.invoke(token(name), args as pulumi.Inputs)) as Result,
    );
  }
  const dependsOn = opts.dependsOn === undefined ? [] : [opts.dependsOn].flat();
  const settings = opts.provider ? pulumi.unsecret(opts.provider.settings) : undefined;
  const ofStack = opts.provider ? undefined : stackSettings(name);
  return pulumi
    .all([known, idsBehind(known, dependsOn), settings])
    .apply(([args, , given]) =>
      run(args as Query, ofStack ?? (() => given as unknown as RawSettings), ask),
    );
}

function token(name: string): string {
  return `ostor:index:${name}`;
}

function requireOursFor(name: string, { provider }: LookupOptions): void {
  if (provider === undefined || Provider.isInstance(provider)) return;
  throw new pulumi.RunError(`${name}: the provider given to it is no ostor.Provider`);
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
function idsBehind(
  output: pulumi.Output<unknown>,
  dependsOn: pulumi.Resource[],
): pulumi.Output<unknown> {
  const ids = (output as unknown as Tracked).allResources().then((behind) => {
    const custom = [...behind, ...dependsOn].filter((resource) =>
      pulumi.CustomResource.isInstance(resource),
    );
    return pulumi.all(custom.map(({ id }) => id));
  });
  return pulumi.all([pulumi.output(ids), pulumi.output(dependsOn)]);
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
