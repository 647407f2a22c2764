import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { createEmulator, type Emulator } from "../../emulator";
import type { Cluster as EmulatorCluster } from "../../emulator/cluster";
import { explain } from "../../provider/api/explain";
import { PartialError } from "../../provider/resources/lifecycle";
import type { Cluster, ClusterOptions } from "../../provider/cluster/cluster";
import type { RawSettings } from "../../provider/settings/settings";
import { createClock, fromState, openWith, settingsOf } from "../provider/harness";
import type { Aim, Extent, Fault, Place } from "./faults";
import { address, type Stored, type Operation } from "./operations";
import { pass, startProxy, type Kind, type Passed } from "./proxy";

/**
 * The result: it succeeded · it failed with one line, and the next run converged · it failed, and a message
 * named what exists and the line to write.
 */
export type Mark = "ok" | "again" | "named";

/** The printed lines of each cell, because cells run at the same time. */
export const printed = new AsyncLocalStorage<string[]>();

const limits = { maxRetries: "2", deadlineSeconds: "60" };
/** Only for faults that wait for them: on a busy machine any request may take as long. */
const shortLimits = { ...limits, timeoutSeconds: "1", deadlineSeconds: "10" };

interface World extends Place {
  emulator: Emulator;
  /** Opens a cluster for one run. */
  run: <T>(work: (cluster: Cluster) => Promise<T>, options?: ClusterOptions) => Promise<T>;
}

/** Runs an operation with a fault, then without it, and checks the cluster and the stack after each. */
export async function runCell(operation: Operation, fault: Fault, extent: Extent) {
  return printed.run([], () =>
    inWorld(fault.isEndless ? shortLimits : limits, async (world) => {
      const aim = await aimOf(operation);
      const stored = await world.run((cluster) =>
        operation.prepare(world.emulator.cluster, cluster),
      );
      const plan = fault.plan(aim, extent, world);
      if (!plan || (fault.needsWrite === true && isRead(aim.kind))) return undefined;
      const before = idsOn(world.emulator.cluster);
      await world.proxy.follow(plan);
      const options = fault.now ? { now: fault.now } : {};
      const first = await attempt(world, operation, stored, options);
      const passed = [...world.proxy.passed];
      assert(
        passed.length > 0 || extent === "gone" || fault.name === "refused",
        "no request was sent",
      );
      checkRecorded(world, first, passed);
      await world.proxy.heal();
      const last = await converge(world, operation, first, options, before);
      checkDeclared(world.emulator, operation, last);
      const reached = idsOn(world.emulator.cluster);
      const further = await attempt(world, operation, last.stored, options);
      assert.equal(further.message, undefined, "a further run changes nothing");
      assert.deepEqual(idsOn(world.emulator.cluster), reached);
      return last.mark;
    }),
  );
}

const aims = new Map<Operation, Promise<Aim>>();

/** Finds the aim once for all cells of an operation. */
function aimOf(operation: Operation): Promise<Aim> {
  const aim = aims.get(operation) ?? findAim(operation);
  aims.set(operation, aim);
  return aim;
}

/** The index of the aim's request in an undisturbed run. */
async function findAim({ aim: { kind, nth = 0 }, prepare, step }: Operation): Promise<Aim> {
  return inWorld(limits, async ({ emulator, proxy, run }) => {
    const stored = await run((cluster) => prepare(emulator.cluster, cluster));
    await proxy.follow({ handle: pass });
    await run((cluster) => step(cluster, stored));
    const indices = proxy.passed.flatMap((each, index) => (each.kind === kind ? [index] : []));
    const index = indices[nth];
    assert(index !== undefined, `${kind} is not requested`);
    return { kind, nth, index };
  });
}

async function inWorld<T>(limits: RawSettings, work: (world: World) => Promise<T>): Promise<T> {
  const emulator = createEmulator({ seed: 1 });
  const proxy = await startProxy(await emulator.start());
  const settings = settingsOf({ endpoint: proxy.endpoint, ...emulator.credentials, ...limits });
  const clock = createClock();
  const run: World["run"] = async (part, options = {}) => {
    const cluster = openWith(settings, { retryBaseMs: 4, clock, ...options });
    try {
      return await part(cluster);
    } finally {
      await cluster.close();
    }
  };
  try {
    return await work({ emulator, proxy, now: clock.now, run });
  } finally {
    await emulator.stop();
    await proxy.close();
  }
}

/** The result of a run, and the resource in the stack after it. */
interface Outcome {
  stored: Stored;
  message?: string;
  error?: unknown;
}

async function attempt(
  { emulator, run }: World,
  { step }: Operation,
  stored: Stored,
  options: ClusterOptions,
): Promise<Outcome> {
  return run(async (cluster) => {
    try {
      const { adopt } = stored;
      return {
        stored: { ...(adopt === undefined ? {} : { adopt }), ...(await step(cluster, stored)) },
      };
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      const message = explain(error, cluster.settings);
      checkMessage(emulator, message);
      return { stored: storedAfter(error, stored), message, error };
    }
  }, options);
}

function storedAfter(error: unknown, stored: Stored): Stored {
  if (!(error instanceof PartialError)) return stored;
  const { id, properties } = error;
  return { ...stored, id, state: fromState(properties), isPartial: true };
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

/** What the client received as successful is in the stack. */
function checkRecorded({ emulator }: World, { stored, error }: Outcome, passed: Passed[]): void {
  const isConfirmed = (kind: Kind) =>
    passed.some((each) => each.kind === kind && each.isIntact && each.status === 200);
  const user = emulator.cluster.user(address);
  const lastId = user?.accessKeys.at(-1)?.accessKeyId;
  if (isConfirmed("createUser")) assert.equal(stored.state["userId"], user?.userId);
  if (isConfirmed("generateKey")) assert.equal(stored.state["accessKeyId"], lastId);
  if (error === undefined || !(isConfirmed("createUser") || isConfirmed("generateKey"))) return;
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

/** Runs again, and follows the advice of each message. */
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
    assert(runs < 3, `it does not converge: ${outcome.message}`);
    messages.push(outcome.message);
    const adopt = adoptLineOf(outcome);
    const isRevoked = revokeNamed(outcome, world.emulator, before);
    if (adopt !== undefined || isRevoked) mark = "named";
    const stored = adopt === undefined ? outcome.stored : { ...outcome.stored, adopt };
    outcome = await attempt(world, operation, stored, options);
  }
  // Adopting changes nothing. The next run applies the differences.
  if (mark === "named") outcome = await attempt(world, operation, outcome.stored, options);
  assert.equal(outcome.message, undefined);
  return { ...outcome, mark, messages };
}

/** The id in the adopt line of a message. */
function adoptLineOf({ message = "", stored }: Outcome): string | undefined {
  const [, id] = /adopt: "([0-9A-Za-z]{16,20})"/.exec(message) ?? [];
  return id === stored.adopt ? undefined : id;
}

/** Revokes the keys that did not exist before, if the message asks for it. Returns whether there were any. */
function revokeNamed({ message = "" }: Outcome, { cluster }: Emulator, before: Ids): boolean {
  if (!message.includes("revoke it with npx pulumi-ostor revoke-key <id>")) return false;
  const newKeys = idsOn(cluster).keys.filter((key) => !message.includes(key));
  for (const id of newKeys) {
    assert(!before.keys.includes(id));
    cluster.revokeKey(id);
  }
  return newKeys.length > 0;
}

/** The cluster is as declared, or a message named what is not. The stack matches the cluster. */
function checkDeclared(
  emulator: Emulator,
  { declared }: Operation,
  { stored, messages }: { stored: Stored; messages: string[] },
): void {
  const { users, keys } = idsOn(emulator.cluster);
  const all = [...messages, ...(printed.getStore() ?? [])].join(" ");
  assert.equal(users.length, declared.users);
  const named = keys.filter((id) => id !== stored.state["accessKeyId"] && all.includes(id));
  assert(
    keys.length === declared.keys || keys.length - named.length <= declared.keys,
    `keys on the cluster: ${keys.join(", ")}; printed: ${all}`,
  );
  const user = emulator.cluster.user(address);
  if (declared.state !== undefined) assert.equal(user?.state, declared.state);
  if (declared.buckets !== undefined) {
    assert.equal(emulator.cluster.buckets().length, declared.buckets);
  }
  const { userId, accessKeyId, secretAccessKey } = stored.state;
  if (userId !== undefined) assert.equal(userId, user?.userId);
  const key = user?.accessKeys.find((each) => each.accessKeyId === accessKeyId);
  assert.equal(key?.accessKeyId, accessKeyId);
  assert.equal(key?.secretAccessKey, secretAccessKey);
}

function isRead(kind: Kind): boolean {
  return kind.startsWith("get") || kind.startsWith("list");
}
