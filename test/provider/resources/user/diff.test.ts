import assert from "node:assert/strict";
import type { Bag } from "../../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../../provider/resources/user/user";
import { changesOf, failureOf, useCluster } from "../../harness";
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

  it("refuses adopt: true, which would take whoever comes later", () => {
    const { failures } = userLifecycle.check({ emailAddress: address, adopt: true });
    assert.deepEqual(failures, [{ property: "adopt", reason: "adopt must be a text, is true" }]);
  });

  it("refuses a state that doesn't exist", () => {
    const { failures } = userLifecycle.check({ emailAddress: address, state: "off" });
    assert.match(failures[0]?.reason ?? "", /^state must be "enabled" or "disabled"$/);
  });
});

describe("diff of a user", () => {
  const cluster = useCluster();
  const olds: Bag = { ...declared(), userId: "ca55631f9f3d59dc", flags: [] };
  const diff = (more: Bag, from: Bag = olds) =>
    changesOf(userLifecycle.diff(cluster.session, address, from, declared(more)));

  it("says which pair is revoked by createAccessKey: false, for somebody may use it", async () => {
    const withPair = { ...olds, createAccessKey: true, accessKeyId: "ca55631f9f3d59dcQ0J5" };
    await diff({ createAccessKey: false }, withPair);
    assert.match(cluster.warnings.join(), /^key ca55631f9f3d59dcQ0J5 of user .* is revoked by/);
  });

  it("finds no change where nothing changed, and asks nobody", async () => {
    assert.deepEqual(await diff({}), { changes: false });
    assert.deepEqual(cluster.operations(), []);
  });

  for (const change of [
    { state: "disabled" },
    { createAccessKey: true },
    { deleteEmptyBuckets: true },
  ]) {
    it(`finds ${JSON.stringify(change)} an update in place`, async () => {
      assert.deepEqual(await diff(change), { changes: true });
      assert.deepEqual(cluster.operations(), []);
    });
  }

  it("finds an own pair that is still to be found, or whose secret nobody told, a change", async () => {
    const news = { createAccessKey: true };
    const half = { ...olds, createAccessKey: true };
    assert.deepEqual(await diff(news, half), { changes: true });
    assert.deepEqual(await diff(news, { ...half, accessKeyId: "K" }), { changes: true });
    const whole = { ...half, accessKeyId: "K", secretAccessKey: "S" };
    assert.deepEqual(await diff(news, whole), { changes: false });
  });

  it("never compares adopt: it may stay or go", async () => {
    assert.deepEqual(await diff({ adopt: "0123456789abcdef" }), { changes: false });
  });

  it("counts properties that an older state lacks as their defaults", async () => {
    const older = { emailAddress: address, userId: "ca55631f9f3d59dc" };
    assert.deepEqual(await diff({}, older), { changes: false });
  });

  it("replaces for another address", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    assert.deepEqual(await diff({ emailAddress: "new@acme.example" }, { ...olds, userId }), {
      changes: true,
      replaces: ["emailAddress"],
    });
  });

  it("refuses another address at preview while the user owns buckets, naming them", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    cluster.emulator.cluster.createBucket("inventory", address);
    cluster.emulator.cluster.putObject("inventory", "key", "12345");
    const work = diff({ emailAddress: "new@acme.example" }, { ...olds, userId });
    assert.match(
      (await failureOf(work)).message,
      /^change the address of user ops@acme\.example to new@acme\.example: .*owns bucket inventory \(5 B\)/,
    );
  });

  it("refuses another address at preview that exists, adopt line or not", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    const other = cluster.emulator.cluster.createUser("new@acme.example");
    const work = diff({ emailAddress: "new@acme.example" }, { ...olds, userId });
    const { message } = await failureOf(work);
    assert.equal(
      message,
      `change the address of user ${address} to new@acme.example: that user already exists (userId ${other.userId}); nothing was changed; to manage it, declare it as a new resource with adopt: "${other.userId}"`,
    );
    const adopting = { emailAddress: "new@acme.example", adopt: other.userId };
    assert.equal((await failureOf(diff(adopting, { ...olds, userId }))).message, message);
  });

  it("takes no 404 of another web server for an owner of nothing", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    cluster.emulator.failNext({ operation: "listBuckets", kind: "html", status: 404, times: 1000 });
    const work = diff({ emailAddress: "new@acme.example" }, { ...olds, userId });
    assert.match((await failureOf(work)).message, /exists, so its buckets are unknown/);
  });

  it("goes on with a change of address whose old user was made anew by somebody", async () => {
    cluster.emulator.cluster.createUser(address);
    cluster.emulator.failNext({ operation: "listBuckets", kind: "html", status: 404, times: 1000 });
    assert.equal((await diff({ emailAddress: "new@acme.example" })).changes, true);
  });

  it("goes on with a change of address whose old user is gone already", async () => {
    const { changes } = await diff({ emailAddress: "new@acme.example" });
    assert.equal(changes, true);
  });

  it("lets empty buckets pass where the stored state says that they may go", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    cluster.emulator.cluster.createBucket("empty", address);
    const stored = { ...olds, userId, deleteEmptyBuckets: true };
    assert.equal((await diff({ emailAddress: "new@acme.example" }, stored)).changes, true);
    cluster.emulator.cluster.createBucket("full", address);
    cluster.emulator.cluster.putObject("full", "key", "12345");
    const { message } = await failureOf(diff({ emailAddress: "new@acme.example" }, stored));
    assert(message.includes("bucket full (5 B)") && !message.includes("empty ("), message);
  });

  it("replaces for an address that isn't known yet, or without settings, and asks nobody", async () => {
    const news = declared({ emailAddress: unknown });
    const expected = { changes: true, replaces: ["emailAddress"] };
    const { session } = cluster;
    const first = changesOf(userLifecycle.diff(session, address, olds, news));
    assert.deepEqual(await first, expected);
    const other = declared({ emailAddress: "new@acme.example" });
    const second = changesOf(userLifecycle.diff(undefined, address, olds, other));
    assert.deepEqual(await second, expected);
    assert.deepEqual(cluster.operations(), []);
  });
});
