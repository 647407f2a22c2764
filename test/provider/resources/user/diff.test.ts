import assert from "node:assert/strict";
import type { Bag } from "../../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../../provider/resources/user/user";
import { changesOf, failureOf, useEmulator } from "../../harness";
import { address, declared, unknown } from "./declared";

describe("check of a user", () => {
  it("fills in defaults", () => {
    assert.deepEqual(userLifecycle.check({ emailAddress: address }).inputs, {
      emailAddress: address,
      state: "enabled",
      createAccessKey: false,
      deleteEmptyBuckets: false,
    });
  });

  it("refuses adopt: true, which could adopt any later user", () => {
    const { failures } = userLifecycle.check({ emailAddress: address, adopt: true });
    assert.deepEqual(failures, [{ property: "adopt", reason: "adopt must be a text, is true" }]);
  });

  it("refuses an unknown state", () => {
    const { failures } = userLifecycle.check({ emailAddress: address, state: "off" });
    assert.match(failures[0]?.reason ?? "", /^state must be "enabled" or "disabled"$/);
  });
});

describe("diff of a user", () => {
  const setup = useEmulator();
  const olds: Bag = { ...declared(), userId: "ca55631f9f3d59dc", flags: [] };
  const diff = (more: Bag, from: Bag = olds) =>
    changesOf(userLifecycle.diff(setup.cluster, address, from, declared(more)));

  it("names the key that createAccessKey: false revokes, because it may be in use", async () => {
    const withPair = { ...olds, createAccessKey: true, accessKeyId: "ca55631f9f3d59dcQ0J5" };
    await diff({ createAccessKey: false }, withPair);
    assert.match(setup.warnings.join(), /^key ca55631f9f3d59dcQ0J5 of user .* is revoked by/);
  });

  it("finds no change if nothing changed, and sends no request", async () => {
    assert.deepEqual(await diff({}), { changes: false });
    assert.deepEqual(setup.operations(), []);
  });

  for (const change of [
    { state: "disabled" },
    { createAccessKey: true },
    { deleteEmptyBuckets: true },
  ]) {
    it(`returns an update in place for ${JSON.stringify(change)}`, async () => {
      assert.deepEqual(await diff(change), { changes: true });
      assert.deepEqual(setup.operations(), []);
    });
  }

  it("returns a change for an own key that is missing or has no secret", async () => {
    const news = { createAccessKey: true };
    const partial = { ...olds, createAccessKey: true };
    assert.deepEqual(await diff(news, partial), { changes: true });
    assert.deepEqual(await diff(news, { ...partial, accessKeyId: "K" }), { changes: true });
    const whole = { ...partial, accessKeyId: "K", secretAccessKey: "S" };
    assert.deepEqual(await diff(news, whole), { changes: false });
  });

  it("never compares adopt", async () => {
    assert.deepEqual(await diff({ adopt: "0123456789abcdef" }), { changes: false });
  });

  it("uses the defaults for properties that an older state lacks", async () => {
    const older = { emailAddress: address, userId: "ca55631f9f3d59dc" };
    assert.deepEqual(await diff({}, older), { changes: false });
  });

  it("replaces the user for another address", async () => {
    const { userId } = setup.emulator.cluster.createUser(address);
    assert.deepEqual(await diff({ emailAddress: "new@acme.example" }, { ...olds, userId }), {
      changes: true,
      replaces: ["emailAddress"],
    });
  });

  it("refuses another address at preview while the user owns buckets, and names them", async () => {
    const { userId } = setup.emulator.cluster.createUser(address);
    setup.emulator.cluster.createBucket("inventory", address);
    setup.emulator.cluster.putObject("inventory", "key", "12345");
    const work = diff({ emailAddress: "new@acme.example" }, { ...olds, userId });
    assert.match(
      (await failureOf(work)).message,
      /^change the address of user ops@acme\.example to new@acme\.example: .*owns bucket inventory \(5 B\)/,
    );
  });

  it("refuses another address at preview that exists, adopt line or not", async () => {
    const { userId } = setup.emulator.cluster.createUser(address);
    const other = setup.emulator.cluster.createUser("new@acme.example");
    const work = diff({ emailAddress: "new@acme.example" }, { ...olds, userId });
    const { message } = await failureOf(work);
    assert.equal(
      message,
      `change the address of user ${address} to new@acme.example: that user already exists (userId ${other.userId}); nothing was changed; to manage it, declare it as a new resource with adopt: "${other.userId}"`,
    );
    const adopting = { emailAddress: "new@acme.example", adopt: other.userId };
    assert.equal((await failureOf(diff(adopting, { ...olds, userId }))).message, message);
  });

  it("does not treat a 404 of another web server as an owner without buckets", async () => {
    const { userId } = setup.emulator.cluster.createUser(address);
    setup.emulator.failNext({ operation: "listBuckets", kind: "html", status: 404, times: 1000 });
    const work = diff({ emailAddress: "new@acme.example" }, { ...olds, userId });
    assert.match((await failureOf(work)).message, /exists, so its buckets are unknown/);
  });

  it("continues a change of address if someone else re-created the old user", async () => {
    setup.emulator.cluster.createUser(address);
    setup.emulator.failNext({ operation: "listBuckets", kind: "html", status: 404, times: 1000 });
    assert.equal((await diff({ emailAddress: "new@acme.example" })).changes, true);
  });

  it("continues a change of address if the old user no longer exists", async () => {
    const { changes } = await diff({ emailAddress: "new@acme.example" });
    assert.equal(changes, true);
  });

  it("allows empty buckets if the stored state has deleteEmptyBuckets", async () => {
    const { userId } = setup.emulator.cluster.createUser(address);
    setup.emulator.cluster.createBucket("empty", address);
    const stored = { ...olds, userId, deleteEmptyBuckets: true };
    assert.equal((await diff({ emailAddress: "new@acme.example" }, stored)).changes, true);
    setup.emulator.cluster.createBucket("full", address);
    setup.emulator.cluster.putObject("full", "key", "12345");
    const { message } = await failureOf(diff({ emailAddress: "new@acme.example" }, stored));
    assert(message.includes("bucket full (5 B)") && !message.includes("empty ("), message);
  });

  it("replaces the user for an unknown address, or without settings, and sends no request", async () => {
    const news = declared({ emailAddress: unknown });
    const expected = { changes: true, replaces: ["emailAddress"] };
    const { cluster } = setup;
    const first = changesOf(userLifecycle.diff(cluster, address, olds, news));
    assert.deepEqual(await first, expected);
    const other = declared({ emailAddress: "new@acme.example" });
    const second = changesOf(userLifecycle.diff(undefined, address, olds, other));
    assert.deepEqual(await second, expected);
    assert.deepEqual(setup.operations(), []);
  });
});
