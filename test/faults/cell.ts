import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { createEmulator, type Emulator } from "../../emulator";
import type { Cluster as EmulatorCluster } from "../../emulator/cluster";
import { explain } from "../../provider/api/explain";
import { PartialError } from "../../provider/resources/lifecycle";
import type { Cluster, ClusterOptions } from "../../provider/cluster/cluster";
import { fromState, openWith, settingsOf } from "../provider/harness";
import type { Aim, Extent, Fault } from "./faults";
import { address, type Held, type Operation } from "./operations";
import { pass, startProxy, type Kind, type Passed, type Proxy } from "./proxy";

/**
 * What came of it: it succeeded · it failed in one line, and the next run brought what is declared · it failed,
 * and a message named what is there and the line to write.
 */
export type Mark = "ok" | "again" | "named";

/** What was printed for people, of each cell by itself: cells run at the same time. */
export const printed = new AsyncLocalStorage<string[]>();

const quick: ClusterOptions = {
  retryBaseMs: 4,
  visibility: { patienceMs: 200, pauseMs: 1, settleMs: 200 },
};
const limits = { timeoutSeconds: "0.5", maxRetries: "2", deadlineSeconds: "5" };

interface World {
  emulator: Emulator;
  proxy: Proxy;
  /** A cluster of a run of its own. */
  run: <T>(work: (cluster: Cluster) => Promise<T>, options?: ClusterOptions) => Promise<T>;
}

/** Lets a fault happen to an operation, and the next run after it, and checks after each what is where. */
export async function runCell(operation: Operation, fault: Fault, extent: Extent) {
  return printed.run([], () =>
    inWorld(async (world) => {
      const aim = await aimOf(operation);
      const held = await world.run((cluster) => operation.prepare(world.emulator.cluster, cluster));
      const plan = fault.plan(aim, extent, world.proxy);
      if (!plan || (fault.needsWrite === true && isRead(aim.kind))) return undefined;
      const before = idsOn(world.emulator.cluster);
      await world.proxy.follow(plan);
      const options = fault.now ? { now: fault.now } : {};
      const first = await attempt(world, operation, held, options);
      const passed = [...world.proxy.passed];
      assert(
        passed.length > 0 || extent === "gone" || fault.name === "refused",
        "nothing was asked",
      );
      checkRecorded(world, first, passed);
      await world.proxy.heal();
      const last = await converge(world, operation, first, options, before);
      checkDeclared(world.emulator, operation, last);
      const reached = idsOn(world.emulator.cluster);
      const further = await attempt(world, operation, last.held, options);
      assert.equal(further.message, undefined, "a further run has nothing to do");
      assert.deepEqual(idsOn(world.emulator.cluster), reached);
      return last.mark;
    }),
  );
}

/** Where the aim's request is among all of a run that nothing disturbs. */
async function aimOf({ aim: { kind, nth = 0 }, prepare, step }: Operation): Promise<Aim> {
  return inWorld(async ({ emulator, proxy, run }) => {
    const held = await run((cluster) => prepare(emulator.cluster, cluster));
    await proxy.follow({ handle: pass });
    await run((cluster) => step(cluster, held));
    const indices = proxy.passed.flatMap((each, index) => (each.kind === kind ? [index] : []));
    const index = indices[nth];
    assert(index !== undefined, `${kind} isn't asked for`);
    return { kind, index };
  });
}

async function inWorld<T>(work: (world: World) => Promise<T>): Promise<T> {
  const emulator = createEmulator({ seed: 1 });
  const proxy = await startProxy(await emulator.start());
  const settings = settingsOf({ endpoint: proxy.endpoint, ...emulator.credentials, ...limits });
  const run: World["run"] = async (part, options = {}) => {
    const cluster = openWith(settings, { ...quick, ...options });
    try {
      return await part(cluster);
    } finally {
      await cluster.close();
    }
  };
  try {
    return await work({ emulator, proxy, run });
  } finally {
    await emulator.stop();
    await proxy.close();
  }
}

/** What a run came to, and what the stack holds after it. */
interface Outcome {
  held: Held;
  message?: string;
  error?: unknown;
}

async function attempt(
  { emulator, run }: World,
  { step }: Operation,
  held: Held,
  options: ClusterOptions,
): Promise<Outcome> {
  return run(async (cluster) => {
    try {
      const { adopt } = held;
      return {
        held: { ...(adopt === undefined ? {} : { adopt }), ...(await step(cluster, held)) },
      };
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      const message = explain(error, cluster.settings);
      checkMessage(emulator, message);
      return { held: heldAfter(error, held), message, error };
    }
  }, options);
}

function heldAfter(error: unknown, held: Held): Held {
  if (!(error instanceof PartialError)) return held;
  const { id, properties } = error;
  return { ...held, id, state: fromState(properties), isPartial: true };
}

/** One clear line, and no secret in it. */
function checkMessage(emulator: Emulator, message: string): void {
  assert.match(message, /^[^\n\r]{10,}$/);
  assert.doesNotMatch(message, / at .*\.[jt]s:\d|AssertionError|TypeError|\[object/);
  const users = emulator.cluster.users();
  const secrets = users.flatMap(({ accessKeys }) => accessKeys.map((key) => key.secretAccessKey));
  for (const secret of [...secrets, emulator.credentials.secretAccessKey]) {
    assert(!message.includes(secret), "a secret is in the message");
  }
}

/** What the service said yes to, heard by us, is in the stack. */
function checkRecorded({ emulator }: World, { held, error }: Outcome, passed: Passed[]): void {
  const isTold = (kind: Kind) =>
    passed.some((each) => each.kind === kind && each.isIntact && each.status === 200);
  const user = emulator.cluster.user(address);
  const lastId = user?.accessKeys.at(-1)?.accessKeyId;
  if (isTold("createUser")) assert.equal(held.state["userId"], user?.userId);
  if (isTold("generateKey")) assert.equal(held.state["accessKeyId"], lastId);
  if (error === undefined || !(isTold("createUser") || isTold("generateKey"))) return;
  assert(error instanceof PartialError);
  assert(error.id !== "");
}

interface Ids {
  users: string[];
  keys: string[];
}

function idsOn(cluster: EmulatorCluster): Ids {
  const users = cluster.users();
  return {
    users: users.map(({ userId }) => userId),
    keys: users.flatMap(({ accessKeys }) => accessKeys.map(({ accessKeyId }) => accessKeyId)),
  };
}

/** Runs again, as people do, and follows the line of a message where there is one. */
async function converge(
  world: World,
  operation: Operation,
  first: Outcome,
  options: ClusterOptions,
  before: Ids,
): Promise<Outcome & { mark: Mark; messages: string[] }> {
  const messages: string[] = [];
  let outcome = first;
  let mark: Mark = first.message === undefined ? "ok" : "again";
  for (let runs = 0; outcome.message !== undefined; runs += 1) {
    assert(runs < 3, `it doesn't converge: ${outcome.message}`);
    messages.push(outcome.message);
    const adopt = adoptLineOf(outcome);
    const isRevoked = revokeNamed(outcome, world.emulator, before);
    if (adopt !== undefined || isRevoked) mark = "named";
    const held = adopt === undefined ? outcome.held : { ...outcome.held, adopt };
    outcome = await attempt(world, operation, held, options);
  }
  // Adopting changes nothing: what differs from the program comes with the run after it.
  if (mark === "named") outcome = await attempt(world, operation, outcome.held, options);
  assert.equal(outcome.message, undefined);
  return { ...outcome, mark, messages };
}

/** The id that the message says to write. */
function adoptLineOf({ message = "", held }: Outcome): string | undefined {
  const [, id] = /adopt: "([0-9A-Za-z]{16,20})"/.exec(message) ?? [];
  return id === held.adopt ? undefined : id;
}

/** Revokes the keys beside those from before, where the message says so; whether there were any. */
function revokeNamed({ message = "" }: Outcome, { cluster }: Emulator, before: Ids): boolean {
  if (!message.includes("revoke it with npx pulumi-ostor revoke-key <id>")) return false;
  const strays = idsOn(cluster).keys.filter((key) => !message.includes(key));
  for (const id of strays) {
    assert(!before.keys.includes(id));
    cluster.revokeKey(id);
  }
  return strays.length > 0;
}

/** The cluster is what was declared, or what is too much was named; and the stack holds what is there. */
function checkDeclared(
  emulator: Emulator,
  { declared }: Operation,
  { held, messages }: { held: Held; messages: string[] },
): void {
  const { users, keys } = idsOn(emulator.cluster);
  const all = [...messages, ...(printed.getStore() ?? [])].join(" ");
  assert.equal(users.length, declared.users);
  const named = keys.filter((id) => id !== held.state["accessKeyId"] && all.includes(id));
  assert(
    keys.length === declared.keys || keys.length - named.length <= declared.keys,
    `keys on the cluster: ${keys.join(", ")}; told: ${all}`,
  );
  const user = emulator.cluster.user(address);
  if (declared.state !== undefined) assert.equal(user?.state, declared.state);
  if (declared.buckets !== undefined) {
    assert.equal(emulator.cluster.buckets().length, declared.buckets);
  }
  const { userId, accessKeyId, secretAccessKey } = held.state;
  if (userId !== undefined) assert.equal(userId, user?.userId);
  const pair = user?.accessKeys.find((each) => each.accessKeyId === accessKeyId);
  assert.equal(pair?.accessKeyId, accessKeyId);
  assert.equal(pair?.secretAccessKey, secretAccessKey);
}

function isRead(kind: Kind): boolean {
  return kind.startsWith("get") || kind.startsWith("list");
}
