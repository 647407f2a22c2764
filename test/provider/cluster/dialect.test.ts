import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../../emulator";
import { explain } from "../../../provider/api/explain";
import type { Cluster } from "../../../provider/cluster/cluster";
import { failureOf, useEmulator, userOn } from "../harness";

const address = "ops@acme.example";

/** A cluster with one user and one key, and changes of its keys under a dialect. */
function useUser(assumptions: NonNullable<EmulatorOptions["assumptions"]>, dialect: string) {
  const setup = useEmulator({ assumptions });
  const outside = () => setup.emulator.cluster;
  beforeEach(() => void outside().createUser(address));
  const open = () => setup.open({ dialect });
  const user = async (cluster: Cluster) => {
    const found = await cluster.readUser(address);
    assert(found);
    return found;
  };
  const generate = async () => {
    const cluster = open();
    const before = await user(cluster);
    return cluster.generateKey(before);
  };
  const revoke = async () => {
    const cluster = open();
    const before = await user(cluster);
    const [key] = before.accessKeys;
    await cluster.revokeKey(before, key?.accessKeyId ?? "");
  };
  /** The printed text of a failure. */
  const messageOf = async (work: Promise<unknown>) =>
    explain(await failureOf(work), open().settings);
  const keys = () => userOn(setup.emulator, address).accessKeys.length;
  return { setup, outside, generate, revoke, messageOf, keys };
}

const byPut = { keysByPut: true, keysByPost: false };

describe("keys under the dialect put", () => {
  const { generate, revoke, keys } = useUser(byPut, "put");

  it("are generated and revoked by PUT", async () => {
    await generate();
    assert.equal(keys(), 2);
    await revoke();
    assert.equal(keys(), 1);
  });
});

describe("keys under the dialect post, where a release changes keys by PUT", () => {
  const { generate, revoke, messageOf, keys } = useUser(byPut, "post");

  it("are not changed, and the message names the setting", async () => {
    const hint =
      /releases 2\.x take keys by PUT; for such a release: pulumi config set ostor:dialect/;
    assert.match(await messageOf(generate()), hint);
    assert.match(await messageOf(revoke()), hint);
    assert.equal(keys(), 1);
  });
});

const hint =
  /only releases 2\.x take keys by PUT; for another release: pulumi config set ostor:dialect post/;

for (const [name, assumptions] of [
  ["refuses such a PUT", {}],
  ["treats such a PUT as a second creation", { putIgnoresKeys: true }],
  ["answers the user to such a PUT", { putIgnoresKeys: true, existingUserStatus: 200 }],
] as const) {
  describe(`keys under the dialect put, where a release ${name}`, () => {
    const { generate, revoke, messageOf, keys } = useUser(assumptions, "put");

    it("are not generated, and the message reports it", async () => {
      assert.match(await messageOf(generate()), hint);
      assert.equal(keys(), 1);
    });

    it("are not revoked, and the message reports it", async () => {
      assert.match(await messageOf(revoke()), hint);
      assert.equal(keys(), 1);
    });
  });
}

describe("keys under the dialect put, of a user that is deleted meanwhile", () => {
  const { setup, outside, messageOf } = useUser({ putIgnoresKeys: true }, "put");

  it("create a user, and the message names it with the command that removes it", async () => {
    const cluster = setup.open({ dialect: "put" });
    const before = await cluster.readUser(address);
    assert(before);
    outside().deleteUser(address);
    const message = await messageOf(cluster.generateKey(before));
    const { userId } = userOn(setup.emulator, address);
    assert.notEqual(userId, before.userId);
    const [key] = userOn(setup.emulator, address).accessKeys;
    assert(message.includes(`npx pulumi-ostor revoke-key ${key?.accessKeyId ?? "?"} `), message);
    assert(message.includes(userId) && message.includes(before.userId), message);
  });
});

for (const genKeyReply of ["new", "all"] as const) {
  describe(`keys under the dialect put, of a user that someone else re-created (${genKeyReply})`, () => {
    const { setup, outside, messageOf } = useUser({ ...byPut, genKeyReply }, "put");

    it("are reported by the id of the key to revoke, and no user is to be deleted", async () => {
      const cluster = setup.open({ dialect: "put" });
      const before = await cluster.readUser(address);
      assert(before);
      outside().deleteUser(address);
      outside().createUser(address);
      const message = await messageOf(cluster.generateKey(before));
      const [, stray] = userOn(setup.emulator, address).accessKeys;
      assert(stray);
      assert(!message.includes("delete-user"), message);
      // A response with all keys does not identify the new one.
      const way =
        genKeyReply === "new" ? `revoke-key ${stray.accessKeyId} ` : "orphans lists those";
      assert(message.includes(`npx pulumi-ostor ${way}`), message);
    });
  });
}

for (const [lagMs, lost] of [
  [0, 0],
  [60, 0],
  [0, 1],
] as const) {
  describe(`revocation under a wrong dialect put, of a user deleted meanwhile, reads ${lagMs} ms stale, ${lost} responses lost`, () => {
    const { setup, outside, messageOf } = useUser({ putIgnoresKeys: true, lagMs }, "put");

    it("reports the user that the PUT created", async () => {
      setup.pass(lagMs);
      const cluster = setup.open({ dialect: "put" });
      const before = await cluster.readUser(address);
      assert(before);
      const id = before.accessKeys[0]?.accessKeyId ?? "?";
      // Such a release treats the PUT as a creation, and refuses its repetition.
      if (lost > 0) setup.emulator.failNext({ operation: "createUser", kind: "resetAfter" });
      outside().deleteUser(address);
      const message = await messageOf(cluster.revokeKey(before, id));
      const { userId } = userOn(setup.emulator, address);
      assert(
        message.includes(`may have created user ${userId}, which has its address now`),
        message,
      );
      assert(!message.includes("delete-user"), message);
    });
  });
}

describe("an explicit provider of another dialect", () => {
  const { setup, messageOf } = useUser(byPut, "post");

  it("is named in the error, with the argument to set", async () => {
    const cluster = setup.open({ explicit: "true" });
    const before = await cluster.readUser(address);
    assert(before);
    const error = await failureOf(cluster.generateKey(before));
    assert.match(
      explain(error, cluster.settings),
      /for such a release, give dialect: "put" to ostor\.Provider; /,
    );
    assert.match(await messageOf(Promise.reject(error)), /for such a release: pulumi config set/);
  });
});
