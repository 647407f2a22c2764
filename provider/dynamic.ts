import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { createEngineCalls } from "./engineCalls";
import { unwatched, type EngineWatch } from "./engineWatch";
import { explain } from "./explain";
import { HalfMadeError, type Bag, type Lifecycle } from "./lifecycle";
import { createSession, type Session } from "./session";
import { collectSettings, parseSettings, type Settings, type SettingsResult } from "./settings";

/** The settings and session that the resources of one engine run share: one process serves them all. */
export interface Run {
  /** The engine, watched from its first call on: programs load this module too, and have none to watch. */
  engine(): EngineWatch;
  configure(get: (key: string) => unknown): void;
  settings(): SettingsResult;
  session(): Session;
}

/**
 * Starts a run without settings; they are checked on first use, for `configure` must never fail.
 *
 * @param watch - starts watching the engine
 */
export function createRun(watch: () => EngineWatch = () => unwatched): Run {
  let engine: EngineWatch | undefined;
  let result: SettingsResult | undefined;
  let session: Session | undefined;
  let current: Settings | undefined;
  let get: (key: string) => unknown = () => undefined;
  const settings = () => (result ??= parseSettings(collectSettings(get)));
  return {
    engine: () => (engine ??= watch()),
    configure(from) {
      get = from;
      result = undefined;
    },
    settings,
    session() {
      const { settings: known, problems } = settings();
      if (!known)
        throw new Error(problems?.join("; ") ?? "the settings of ostor are not known yet");
      if (session && known === current) return session;
      current = known;
      // Configured once per kind of resource: what the session knows of this run must outlive that.
      if (!session || !isDeepStrictEqual(session.settings, known)) {
        session = createSession(known, { isLost: () => engine?.isLost() ?? false });
      }
      return session;
    },
  };
}

/**
 * A lifecycle as the dynamic host calls it. The host awaits `configure` only for the first call and caches a
 * provider whose `configure` failed, so that stores what it got and no more.
 */
export function dynamicProvider(
  lifecycle: Lifecycle,
  run: Run,
): Required<pulumi.dynamic.ResourceProvider> {
  const calls = createEngineCalls();
  const guarded = async <T>(work: () => Promise<T>, inputs: Bag = {}): Promise<T> => {
    try {
      return await run.engine().during(work);
    } catch (error) {
      throw forHost(error, run, inputs);
    }
  };
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous
    async configure({ config }) {
      run.engine();
      run.configure((key) => config.get(key));
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous
    async check(_olds: Bag, news: Bag) {
      const { inputs, failures } = lifecycle.check(news);
      const reasons = [...(run.settings().problems ?? []), ...failures.map(({ reason }) => reason)];
      // The engine prints the value of a property that a failure names: `{<nil>}`, or a secret in plain.
      return { inputs, failures: reasons.map((reason) => ({ property: "", reason })) };
    },
    diff: (id, olds: Bag, news: Bag) =>
      guarded(async () => {
        const isComparison = calls.isComparison(id);
        const session = run.settings().settings && run.session();
        const { ids, ...difference } = await lifecycle.diff(session, id, olds, news);
        if (isComparison) session?.claims.meet(ids);
        else if (difference.replaces) {
          session?.claims.giveUp(ids);
          calls.replaced(bare(news));
        } else session?.claims.keep(ids);
        return difference;
      }),
    create: (inputs: Bag) =>
      guarded(() => {
        const declared = bare(inputs);
        // `adopt` applies only to a resource that is not in the stack yet.
        if (calls.isReplacement(declared)) delete declared["adopt"];
        return adopting(run.session(), declared, () => lifecycle.create(run.session(), declared));
      }, inputs),
    read: (id, state: Bag = {}) =>
      guarded(async () => {
        const known = bare(state);
        const found = await lifecycle.read(run.session(), id, known);
        const isRefresh = Object.keys(known).length > 0;
        if (isRefresh && found.id !== undefined) calls.refreshed(id);
        return found;
      }) as Promise<pulumi.dynamic.ReadResult>,
    update: (id, olds: Bag, news: Bag) =>
      guarded(() => lifecycle.update(run.session(), id, bare(olds), bare(news)), news),
    delete: (id, state: Bag) => guarded(() => lifecycle.delete(run.session(), id, bare(state))),
  };
}

/**
 * Claims what a resource adopts, before anything is sent.
 *
 * @throws Error when another resource of the program has it; what `create` throws
 */
async function adopting<T>(
  { claims }: Session,
  { adopt, emailAddress, user = emailAddress }: Bag,
  create: () => Promise<T>,
): Promise<T> {
  if (typeof adopt !== "string") return create();
  if (claims.isTaken(adopt)) throw alreadyDeclared(String(user), adopt, emailAddress === user);
  claims.adopt(adopt);
  try {
    return await create();
  } catch (error) {
    if (!(error instanceof HalfMadeError)) claims.reopen(adopt);
    throw error;
  }
}

function alreadyDeclared(address: string, id: string, isUser: boolean): Error {
  const what = isUser ? `user ${address}` : `key ${id} of user ${address}`;
  const named = isUser ? `the user (userId ${id})` : "this key";
  return new Error(
    `adopt ${what}: another resource of this program has ${named} already; remove one of the two`,
  );
}

function bare({ __provider, ...known }: Bag): Bag {
  return known;
}

/** What the host prints: one line, no stack. What is half made keeps its way back to this provider. */
function forHost(error: unknown, run: Run, inputs: Bag): Error {
  const message = explain(error, run.settings().settings);
  const plain = Object.assign(new Error(message), { name: "", stack: "" });
  if (!(error instanceof HalfMadeError)) return plain;
  const { id } = error;
  const { __provider } = inputs;
  const properties = { ...error.properties, ...(__provider === undefined ? {} : { __provider }) };
  return Object.assign(plain, { id, properties, reasons: [message] });
}
