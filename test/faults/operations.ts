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

/** The resource in the stack. It has no id before its creation and after its deletion. */
export interface Stored {
  id?: string;
  state: Bag;
  /** Whether it is partially created: the engine updates it, whatever the diff returns. */
  isPartial?: boolean;
  /** The adopt line that a message asked for. */
  adopt?: string;
}

/** The expected state of the cluster at the end. */
export interface Declared {
  users: number;
  keys: number;
  state?: "enabled" | "disabled";
  buckets?: number;
}

/** One step of the engine with a resource. */
export interface Operation {
  name: string;
  /** The request that faults aim at: the n-th of its kind. The default is the first. */
  aim: { kind: Kind; nth?: number };
  /** Prepares the cluster, without the API, and the resource in the stack. */
  prepare: (outside: EmulatorCluster, cluster: Cluster) => Promise<Stored>;
  step: (cluster: Cluster, stored: Stored) => Promise<Stored>;
  declared: Declared;
}

/** The address of the user in all operations. */
export const address = "ops@acme.example";
const nothing: Stored = { state: {} };
const bucketName = "inventory";

/** Creates the declared resource, or updates the one in the stack. */
function up(lifecycle: Lifecycle, declared: Bag): Operation["step"] {
  return async (cluster, stored) => {
    const adopt = stored.adopt === undefined ? {} : { adopt: stored.adopt };
    const { inputs, failures } = lifecycle.check({ ...declared, ...adopt });
    assert.deepEqual(failures, []);
    const { id, state, isPartial = false } = stored;
    if (id === undefined) {
      const created = await lifecycle.create(cluster, inputs);
      return { id: created.id, state: fromState(created.outs) };
    }
    const { changes, replaces } = diffOf(await lifecycle.diff(cluster, id, state, inputs));
    assert.equal(replaces, undefined);
    if (!changes && !isPartial) return stored;
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
  return async (cluster, stored) => {
    const { id, props } = await lifecycle.read(cluster, stored.id ?? "", stored.state);
    assert.equal(id, stored.id, "it was removed from the state");
    return { id: id ?? "", state: fromState(props) };
  };
}

const user = (more: Bag = {}) => up(userLifecycle, { emailAddress: address, ...more });
const key = (more: Bag = {}) => up(accessKeyLifecycle, { user: address, ...more });

/** A user of the stack without keys. */
const withUser = async (_: EmulatorCluster, cluster: Cluster) => user()(cluster, nothing);

/** A key of the stack. Its user is not checked. */
const withKey = async (_: EmulatorCluster, cluster: Cluster) => {
  await user()(cluster, nothing);
  return key()(cluster, nothing);
};

const rotation = (generation: number) =>
  up(rotatingAccessKeyLifecycle, { user: address, generation });

/** A current and a previous key of the stack. */
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
    name: "… list users first",
    aim: { kind: "listUsers" },
    prepare: () => Promise.resolve(nothing),
    step: user(),
    declared: { users: 1, keys: 0 },
  },
  {
    name: "… and read it",
    aim: { kind: "getUser", nth: 1 },
    prepare: () => Promise.resolve(nothing),
    step: user(),
    declared: { users: 1, keys: 0 },
  },
  {
    name: "… and revoke its key",
    aim: { kind: "revokeKey" },
    prepare: () => Promise.resolve(nothing),
    step: user(),
    declared: { users: 1, keys: 0 },
  },
  {
    name: "create user with own key",
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
    name: "add own key",
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
      const stored = await user({ deleteEmptyBuckets: true, createAccessKey: true })(
        cluster,
        nothing,
      );
      outside.createBucket(bucketName, address);
      return stored;
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
    async step(cluster, stored) {
      const users = await cluster.listUsers();
      assert(users.some(({ emailAddress }) => emailAddress === address));
      return stored;
    },
    declared: { users: 1, keys: 0 },
  },
];
