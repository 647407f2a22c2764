import assert from "node:assert/strict";
import type { Cluster as EmulatorCluster } from "../../emulator/cluster";
import { accessKeyLifecycle } from "../../provider/resources/accessKey/accessKey";
import { bucketLifecycle } from "../../provider/resources/bucket";
import type { Bag, Lifecycle } from "../../provider/resources/lifecycle";
import { rotatingAccessKeyLifecycle } from "../../provider/resources/rotatingAccessKey/rotatingAccessKey";
import type { Cluster } from "../../provider/cluster/cluster";
import { userLifecycle } from "../../provider/resources/user/user";
import { diffOf, fromState } from "../provider/harness";
import type { Kind } from "./proxy";

/** What the stack holds of one resource; nothing before it was made and after it was deleted. */
export interface Held {
  id?: string;
  state: Bag;
  /** A step failed after it was made: the engine updates it, whatever the diff says. */
  isPartial?: boolean;
  /** What a person wrote into the program, because a message said so. */
  adopt?: string;
}

/** What a person wants to see on the cluster in the end. */
export interface Declared {
  users: number;
  keys: number;
  state?: "enabled" | "disabled";
  buckets?: number;
}

/** One step of a resource's life, as the engine takes it. */
export interface Operation {
  name: string;
  /** The request that faults aim at: the n-th of its kind, the first when left out. */
  aim: { kind: Kind; nth?: number };
  /** Prepares the cluster, past the API, and what the stack holds. */
  prepare: (outside: EmulatorCluster, cluster: Cluster) => Promise<Held>;
  step: (cluster: Cluster, held: Held) => Promise<Held>;
  declared: Declared;
}

/** The address of everything here. */
export const address = "ops@acme.example";
const nothing: Held = { state: {} };
const bucketName = "inventory";

/** Brings a resource to what is declared, from nothing or from what the stack holds. */
function up(lifecycle: Lifecycle, declared: Bag): Operation["step"] {
  return async (cluster, held) => {
    const adopt = held.adopt === undefined ? {} : { adopt: held.adopt };
    const { inputs, failures } = lifecycle.check({ ...declared, ...adopt });
    assert.deepEqual(failures, []);
    const { id, state, isPartial = false } = held;
    if (id === undefined) {
      const made = await lifecycle.create(cluster, inputs);
      return { id: made.id, state: fromState(made.outs) };
    }
    const { changes, replaces } = diffOf(await lifecycle.diff(cluster, id, state, inputs));
    assert.equal(replaces, undefined);
    if (!changes && !isPartial) return held;
    const { outs } = await lifecycle.update(cluster, id, state, inputs);
    return { id, state: fromState(outs) };
  };
}

function down(lifecycle: Lifecycle): Operation["step"] {
  return async (cluster, { id, state }) => {
    if (id !== undefined) await lifecycle.delete(cluster, id, state);
    return nothing;
  };
}

function refresh(lifecycle: Lifecycle): Operation["step"] {
  return async (cluster, held) => {
    const { id, props } = await lifecycle.read(cluster, held.id ?? "", held.state);
    assert.equal(id, held.id, "it dropped out of the state");
    return { id: id ?? "", state: fromState(props) };
  };
}

const user = (more: Bag = {}) => up(userLifecycle, { emailAddress: address, ...more });
const key = (more: Bag = {}) => up(accessKeyLifecycle, { user: address, ...more });

/** A user of the stack without keys, made by it. */
const withUser = async (_: EmulatorCluster, cluster: Cluster) => user()(cluster, nothing);

/** A key of the stack, whose user isn't looked at. */
const withKey = async (_: EmulatorCluster, cluster: Cluster) => {
  await user()(cluster, nothing);
  return key()(cluster, nothing);
};

const rotation = (generation: number) =>
  up(rotatingAccessKeyLifecycle, { user: address, generation });

/** A current and a previous pair of the stack. */
const withRotation = async (_: EmulatorCluster, cluster: Cluster) => {
  await user()(cluster, nothing);
  return rotation(2)(cluster, await rotation(1)(cluster, nothing));
};

/** The rows of the matrix. */
export const operations: readonly Operation[] = [
  {
    name: "create user",
    aim: { kind: "createUser" },
    prepare: () => Promise.resolve(nothing),
    step: user(),
    declared: { users: 1, keys: 0 },
  },
  {
    name: "… its list before",
    aim: { kind: "listUsers" },
    prepare: () => Promise.resolve(nothing),
    step: user(),
    declared: { users: 1, keys: 0 },
  },
  {
    name: "… and see it",
    aim: { kind: "getUser", nth: 1 },
    prepare: () => Promise.resolve(nothing),
    step: user(),
    declared: { users: 1, keys: 0 },
  },
  {
    name: "… and revoke its pair",
    aim: { kind: "revokeKey" },
    prepare: () => Promise.resolve(nothing),
    step: user(),
    declared: { users: 1, keys: 0 },
  },
  {
    name: "create user with own pair",
    aim: { kind: "createUser" },
    prepare: () => Promise.resolve(nothing),
    step: user({ createAccessKey: true }),
    declared: { users: 1, keys: 1 },
  },
  {
    name: "adopt user",
    aim: { kind: "getUser" },
    prepare(outside) {
      const { userId, accessKeys } = outside.createUser(address);
      for (const { accessKeyId } of accessKeys) outside.revokeKey(accessKeyId);
      return Promise.resolve({ ...nothing, adopt: userId });
    },
    step: user(),
    declared: { users: 1, keys: 0 },
  },
  {
    name: "read user",
    aim: { kind: "getUser" },
    prepare: withUser,
    step: refresh(userLifecycle),
    declared: { users: 1, keys: 0 },
  },
  {
    name: "disable user",
    aim: { kind: "disableUser" },
    prepare: withUser,
    step: user({ state: "disabled" }),
    declared: { users: 1, keys: 0, state: "disabled" },
  },
  {
    name: "enable user",
    aim: { kind: "enableUser" },
    prepare: (_, cluster) => user({ state: "disabled" })(cluster, nothing),
    step: user(),
    declared: { users: 1, keys: 0, state: "enabled" },
  },
  {
    name: "add own pair",
    aim: { kind: "generateKey" },
    prepare: withUser,
    step: user({ createAccessKey: true }),
    declared: { users: 1, keys: 1 },
  },
  {
    name: "delete user",
    aim: { kind: "deleteUser" },
    prepare: withUser,
    step: down(userLifecycle),
    declared: { users: 0, keys: 0 },
  },
  {
    name: "delete user and buckets",
    aim: { kind: "deleteBucket" },
    async prepare(outside, cluster) {
      const held = await user({ deleteEmptyBuckets: true, createAccessKey: true })(
        cluster,
        nothing,
      );
      outside.createBucket(bucketName, address);
      return held;
    },
    step: down(userLifecycle),
    declared: { users: 0, keys: 0, buckets: 0 },
  },
  {
    name: "generate key",
    aim: { kind: "generateKey" },
    async prepare(outside, cluster) {
      await withUser(outside, cluster);
      return nothing;
    },
    step: key(),
    declared: { users: 1, keys: 1 },
  },
  {
    name: "adopt key",
    aim: { kind: "getUser" },
    async prepare(outside, cluster) {
      await withUser(outside, cluster);
      return { ...nothing, adopt: outside.generateKey(address).accessKeyId };
    },
    step: key(),
    declared: { users: 1, keys: 1 },
  },
  {
    name: "read key",
    aim: { kind: "getUser" },
    prepare: withKey,
    step: refresh(accessKeyLifecycle),
    declared: { users: 1, keys: 1 },
  },
  {
    name: "revoke key",
    aim: { kind: "revokeKey" },
    prepare: withKey,
    step: down(accessKeyLifecycle),
    declared: { users: 1, keys: 0 },
  },
  {
    name: "rotate keys",
    aim: { kind: "generateKey" },
    prepare: withRotation,
    step: rotation(3),
    declared: { users: 1, keys: 2 },
  },
  {
    name: "… revoking the previous",
    aim: { kind: "revokeKey" },
    prepare: withRotation,
    step: rotation(3),
    declared: { users: 1, keys: 2 },
  },
  {
    name: "read rotating keys",
    aim: { kind: "getUser" },
    prepare: withRotation,
    step: refresh(rotatingAccessKeyLifecycle),
    declared: { users: 1, keys: 2 },
  },
  {
    name: "read bucket",
    aim: { kind: "listBuckets" },
    async prepare(outside, cluster) {
      await withUser(outside, cluster);
      outside.createBucket(bucketName, address);
      return up(bucketLifecycle, { name: bucketName })(cluster, nothing);
    },
    step: refresh(bucketLifecycle),
    declared: { users: 1, keys: 0, buckets: 1 },
  },
  {
    name: "list users",
    aim: { kind: "listUsers" },
    prepare: withUser,
    async step(cluster, held) {
      const users = await cluster.listUsers();
      assert(users.some(({ emailAddress }) => emailAddress === address));
      return held;
    },
    declared: { users: 1, keys: 0 },
  },
];
