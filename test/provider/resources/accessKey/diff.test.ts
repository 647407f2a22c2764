import assert from "node:assert/strict";
import { accessKeyLifecycle } from "../../../../provider/resources/accessKey/accessKey";
import type { Bag } from "../../../../provider/resources/lifecycle";
import { changesOf, failureOf } from "../../harness";
import { address, unknown, useUser } from "./useUser";

describe("diff of an access key", () => {
  const { setup, inputs, created } = useUser();
  const diff = (state: Bag, more: Bag = {}) =>
    changesOf(
      accessKeyLifecycle.diff(setup.cluster, String(state["accessKeyId"]), state, inputs(more)),
    );

  it("finds no change if nothing changed, and sends no request", async () => {
    const { state } = await created({ keepers: { rotated: "1" } });
    const same = { keepers: { rotated: "1" }, userId: state["userId"] };
    assert.deepEqual(await diff(state, same), { changes: false });
    assert.deepEqual(setup.operations(), []);
  });

  it("finds no change in replaceOrder, adopt and empty keepers", async () => {
    const { state } = await created();
    for (const more of [{ replaceOrder: "delete-first" }, { adopt: "A" }, { keepers: {} }]) {
      assert.deepEqual(await diff(state, more), { changes: false });
    }
  });

  for (const [name, keepers] of [
    ["with another value", { rotated: "2" }],
    ["with one more", { rotated: "1", more: "x" }],
    ["that are empty", {}],
    ["that are absent", undefined],
  ] as const) {
    it(`replaces the key for keepers ${name}`, async () => {
      const { state } = await created({ keepers: { rotated: "1" } });
      assert.deepEqual(await diff(state, { keepers }), {
        changes: true,
        replaces: ["keepers"],
        deleteBeforeReplace: false,
      });
    });
  }

  it("does not replace the key because an older state lacks the user's id", async () => {
    const { state } = await created();
    const { userId, ...older } = state;
    assert.deepEqual(await diff(older, { userId }), { changes: false });
  });

  it("replaces the key for another user, and for another id of the user", async () => {
    const { state } = await created();
    const user = await diff(state, { user: "new@acme.example" });
    assert.deepEqual(user.replaces, ["user"]);
    const id = await diff(state, { userId: "0123456789abcdef" });
    assert.deepEqual(id.replaces, ["userId"]);
  });

  it("does not replace the key because the user's id is unknown at preview", async () => {
    const { state } = await created();
    assert.deepEqual(await diff(state, { userId: unknown }), { changes: false });
  });

  it("deletes first if replaceOrder requests it", async () => {
    const { state } = await created();
    const difference = await diff(state, { keepers: { a: "b" }, replaceOrder: "delete-first" });
    assert.equal(difference.deleteBeforeReplace, true);
  });

  it("refuses to revoke a key before a replacement that the user's buckets prevent", async () => {
    const { id, state } = await created();
    setup.emulator.cluster.createBucket("inventory", address);
    await failureOf(diff(state, { user: unknown }));
    const { message } = await failureOf(diff(state, { user: unknown, userId: unknown }));
    assert.match(
      message,
      /^replace user ops@acme\.example: refused, it owns bucket inventory \(0 B\)/,
    );
    assert(message.includes(`its key ${id} would be revoked before; nothing was changed`), message);
  });

  it("does not treat a 404 of another web server as an owner without buckets", async () => {
    const { state } = await created();
    setup.emulator.cluster.createBucket("inventory", address);
    const foreign = { operation: "listBuckets", kind: "html", status: 404 } as const;
    const refused = async () =>
      (await failureOf(diff(state, { user: unknown, userId: unknown }))).message;
    setup.emulator.failNext(foreign);
    assert.match(await refused(), /refused, it owns bucket inventory \(0 B\)/);
    setup.emulator.failNext({ ...foreign, times: 1000 });
    assert.match(
      await refused(),
      /^list buckets of user \w{16}: the service answered 404.*; user ops@acme\.example exists, .* nothing of it was changed; try again later; on/,
    );
  });

  it("allows the replacement of a user without buckets", async () => {
    const { state } = await created();
    const { replaces } = await diff(state, { user: unknown, userId: unknown });
    assert.deepEqual(replaces, ["user"]);
  });

  it("continues a replacement if the user no longer exists", async () => {
    const { state } = await created();
    setup.emulator.cluster.deleteUser(address);
    assert.deepEqual((await diff(state, { user: unknown })).replaces, ["user"]);
  });

  it("needs no settings", async () => {
    const { id, state } = await created();
    const news = inputs({ user: "new@acme.example" });
    assert.equal(
      (await changesOf(accessKeyLifecycle.diff(undefined, id, state, news))).changes,
      true,
    );
  });
});
