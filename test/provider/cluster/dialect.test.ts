import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../../emulator";
import { explain } from "../../../provider/api/explain";
import type { Cluster } from "../../../provider/cluster/cluster";
import { failureOf, useCluster, userOn } from "../harness";

const address = "ops@acme.example";

/** A cluster with one user of one pair, and changes of its keys under a dialect. */
function useUser(assumptions: NonNullable<EmulatorOptions["assumptions"]>, dialect: string) {
  const cluster = useCluster({ assumptions });
  const outside = () => cluster.emulator.cluster;
  beforeEach(() => void outside().createUser(address));
  const open = () => cluster.open({ dialect });
  const user = async (session: Cluster) => {
    const found = await session.readUser(address);
    assert(found);
    return found;
  };
  const generate = async () => {
    const session = open();
    const before = await user(session);
    return session.generateKey(before);
  };
  const revoke = async () => {
    const session = open();
    const before = await user(session);
    const [pair] = before.accessKeys;
    await session.revokeKey(before, pair?.accessKeyId ?? "");
  };
  /** What a person reads of a failure. */
  const said = async (work: Promise<unknown>) => explain(await failureOf(work), open().settings);
  const pairs = () => userOn(cluster.emulator, address).accessKeys.length;
  return { cluster, outside, generate, revoke, said, pairs };
}

const byPut = { keysByPut: true, keysByPost: false };

describe("keys under the dialect put", () => {
  const { generate, revoke, pairs } = useUser(byPut, "put");

  it("are generated and revoked by PUT", async () => {
    await generate();
    assert.equal(pairs(), 2);
    await revoke();
    assert.equal(pairs(), 1);
  });
});

describe("keys under the dialect post, where a release takes them by PUT", () => {
  const { generate, revoke, said, pairs } = useUser(byPut, "post");

  it("aren't changed, and the message names the setting", async () => {
    const hint =
      /releases 2\.x take keys by PUT; for such a release: pulumi config set ostor:dialect/;
    assert.match(await said(generate()), hint);
    assert.match(await said(revoke()), hint);
    assert.equal(pairs(), 1);
  });
});

const hint =
  /only releases 2\.x take keys by PUT; for another release: pulumi config set ostor:dialect post/;

for (const [name, assumptions] of [
  ["refuses such a PUT", {}],
  ["takes such a PUT for a second creation", { putIgnoresKeys: true }],
  ["answers the user to such a PUT", { putIgnoresKeys: true, existingUserStatus: 200 }],
] as const) {
  describe(`keys under the dialect put, where a release ${name}`, () => {
    const { generate, revoke, said, pairs } = useUser(assumptions, "put");

    it("aren't generated, which isn't silent", async () => {
      assert.match(await said(generate()), hint);
      assert.equal(pairs(), 1);
    });

    it("aren't revoked, which isn't silent", async () => {
      assert.match(await said(revoke()), hint);
      assert.equal(pairs(), 1);
    });
  });
}

describe("keys under the dialect put, of a user who is deleted meanwhile", () => {
  const { cluster, outside, said } = useUser({ putIgnoresKeys: true }, "put");

  it("make a user, whom the message names with the line that removes it", async () => {
    const session = cluster.open({ dialect: "put" });
    const before = await session.readUser(address);
    assert(before);
    outside().deleteUser(address);
    const message = await said(session.generateKey(before));
    const { userId } = userOn(cluster.emulator, address);
    assert.notEqual(userId, before.userId);
    const [pair] = userOn(cluster.emulator, address).accessKeys;
    assert(message.includes(`npx pulumi-ostor revoke-key ${pair?.accessKeyId ?? "?"} `), message);
    assert(message.includes(userId) && message.includes(before.userId), message);
  });
});

for (const genKeyReply of ["new", "all"] as const) {
  describe(`keys under the dialect put, of a user whom somebody made anew (${genKeyReply})`, () => {
    const { cluster, outside, said } = useUser({ ...byPut, genKeyReply }, "put");

    it("are told by the id of the pair to revoke, and nobody's user is to be deleted", async () => {
      const session = cluster.open({ dialect: "put" });
      const before = await session.readUser(address);
      assert(before);
      outside().deleteUser(address);
      outside().createUser(address);
      const message = await said(session.generateKey(before));
      const [, stray] = userOn(cluster.emulator, address).accessKeys;
      assert(stray);
      assert(!message.includes("delete-user"), message);
      // Of an answer with all pairs nobody can tell which one is new.
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
  describe(`revocation under a wrong dialect put, of a user deleted meanwhile, ${lagMs} ms late, ${lost} answers lost`, () => {
    const { cluster, outside, said } = useUser({ putIgnoresKeys: true, lagMs }, "put");

    it("isn't silent about the user that the PUT made", async () => {
      await new Promise((resolve) => setTimeout(resolve, lagMs + 10));
      const session = cluster.open({ dialect: "put" });
      const before = await session.readUser(address);
      assert(before);
      const id = before.accessKeys[0]?.accessKeyId ?? "?";
      // Such a release takes the PUT for a creation, and refuses its repetition.
      if (lost > 0) cluster.emulator.failNext({ operation: "createUser", kind: "resetAfter" });
      outside().deleteUser(address);
      const message = await said(session.revokeKey(before, id));
      const { userId } = userOn(cluster.emulator, address);
      assert(
        message.includes(`may have created user ${userId}, which has its address now`),
        message,
      );
      assert(!message.includes("delete-user"), message);
    });
  });
}

describe("an explicit provider of another dialect", () => {
  const { cluster, said } = useUser(byPut, "post");

  it("is told what to give it", async () => {
    const session = cluster.open({ explicit: "true" });
    const before = await session.readUser(address);
    assert(before);
    const error = await failureOf(session.generateKey(before));
    assert.match(
      explain(error, session.settings),
      /for such a release, give dialect: "put" to ostor\.Provider; /,
    );
    assert.match(await said(Promise.reject(error)), /for such a release: pulumi config set/);
  });
});
