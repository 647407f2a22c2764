import assert from "node:assert/strict";
import { accessKeyLifecycle } from "../../../../provider/resources/accessKey/accessKey";
import { userLifecycle } from "../../../../provider/resources/user/user";
import { failureOf, revealed } from "../../harness";
import { address, useUser } from "./useUser";

for (const genKeyReply of ["new", "all"] as const) {
  describe(`create of an access key, where genKey returns ${genKeyReply} keys`, () => {
    const { setup, create, keys, userId } = useUser({ genKeyReply });

    it("returns the new key, its secret marked", async () => {
      const { id, outs } = await create({ keepers: { rotated: "2026-11" } });
      const [key] = keys();
      assert.equal(id, key?.accessKeyId);
      const { secretAccessKey, ...plain } = outs;
      assert.equal(revealed(secretAccessKey), key?.secretAccessKey);
      assert.deepEqual(plain, {
        emailAddress: address,
        userId: userId(),
        accessKeyId: id,
        keepers: { rotated: "2026-11" },
      });
    });

    it("returns different keys, each with its own secret, to two creations at once", async () => {
      const both = await Promise.all([create(), create()]);
      const returned = both.map(({ id, outs }) => [id, revealed(outs["secretAccessKey"])]);
      const stored = keys().map(({ accessKeyId, secretAccessKey }) => [
        accessKeyId,
        secretAccessKey,
      ]);
      assert.deepEqual(returned.sort(), stored.sort());
      assert.equal(stored.length, 2);
    });

    it("refuses the third of three creations at once before it sends a request", async () => {
      const all = await Promise.allSettled([create(), create(), create()]);
      assert.deepEqual(
        all.map(({ status }) => status),
        ["fulfilled", "fulfilled", "rejected"],
      );
      assert.equal(setup.operations().filter((name) => name === "generateKey").length, 2);
    });
  });
}

describe("create of an access key", () => {
  const { setup, create, inputs, created, keys, userId } = useUser();

  it("refuses a third key, and names the two keys and the command that lists orphans", async () => {
    const one = await created();
    const two = await created();
    const { message } = await failureOf(create());
    assert(message.includes(`(${one.id}, ${two.id}), and other resources of this`), message);
    const other = accessKeyLifecycle.create(setup.open(), inputs());
    const { message: ofAnotherRun } = await failureOf(other);
    assert(
      ofAnotherRun.includes(`(${one.id}, ${two.id}); npx pulumi-ostor orphans `),
      ofAnotherRun,
    );
    assert.deepEqual(setup.operations(), ["getUser", "getUser"]);
  });

  it("names a user that does not exist", async () => {
    setup.emulator.cluster.deleteUser(address);
    assert.equal(
      (await failureOf(create())).message,
      `create a key of user ${address}: the user does not exist on the cluster`,
    );
  });

  it("generates no key for a user that was re-created under the address", async () => {
    const { message } = await failureOf(create({ userId: "0123456789abcdef" }));
    assert.match(message, /a different user under this address.*was 0123456789abcdef/);
    assert.deepEqual(keys(), []);
  });

  it("adopts the key with the id, reads its secret, and generates none", async () => {
    const key = setup.emulator.cluster.generateKey(address);
    const { id, outs } = await create({ adopt: key.accessKeyId, userId: userId() });
    assert.equal(id, key.accessKeyId);
    assert.equal(revealed(outs["secretAccessKey"]), key.secretAccessKey);
    assert.deepEqual(setup.operations(), ["getUser"]);
  });

  it("refuses to adopt a key that never belonged to the user, and names its keys", async () => {
    const { accessKeyId } = setup.emulator.cluster.generateKey(address);
    const { message } = await failureOf(create({ adopt: "0123456789abcdefABCD" }));
    assert.equal(
      message,
      `adopt key 0123456789abcdefABCD of user ${address}: the user has no such key (it has ${accessKeyId}); remove adopt to generate a key`,
    );
    assert.equal(keys().length, 1);
  });

  it("generates a key, with a warning, when the key to adopt no longer exists", async () => {
    const missing = `${userId()}GONE`;
    const { id } = await create({ adopt: missing });
    assert.equal(id, keys()[0]?.accessKeyId);
    assert.deepEqual(setup.warnings, [
      `warning: adopt key ${missing} of user ${address}: the user has no such key (it has none); a new key is generated`,
    ]);
  });

  it("generates keys, with warnings, for a user that the run re-created after the adopted one was deleted", async () => {
    const missing = ["AAAA", "BBBB"].map((end) => `${userId()}${end}`);
    setup.emulator.cluster.deleteUser(address);
    const news = userLifecycle.check({ emailAddress: address }).inputs;
    await userLifecycle.create(setup.cluster, news);
    for (const adopt of missing) await create({ adopt, userId: userId() });
    assert.equal(keys().length, 2);
    assert.deepEqual(
      setup.warnings.map(
        (text) => /^warning: adopt key (\w+) .*a new key is generated$/.exec(text)?.[1],
      ),
      missing,
    );
  });

  for (const kind of ["resetAfter", "halfAnswer", "emptyBody", "wrongShape"] as const) {
    it(`keeps the key that it generated when the response is lost (${kind})`, async () => {
      setup.emulator.failNext({ operation: "generateKey", kind });
      const { id } = await create();
      assert.deepEqual(
        keys().map(({ accessKeyId }) => accessKeyId),
        [id],
      );
    });
  }
});
