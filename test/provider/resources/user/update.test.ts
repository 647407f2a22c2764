import assert from "node:assert/strict";
import { ApiError } from "../../../../provider/api/errors";
import { PartialError, type Bag } from "../../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../../provider/resources/user/user";
import { clientOf, failureOf, fromState, revealed, useCluster, userOn } from "../../harness";
import { address, declared, partialErrorOf } from "./declared";

describe("update of a user", () => {
  const cluster = useCluster();
  const made = async (more: Bag = {}) => {
    const { outs } = await userLifecycle.create(cluster.session, declared(more));
    cluster.emulator.clearRequests();
    return fromState(outs);
  };
  const update = (olds: Bag, more: Bag = {}) =>
    userLifecycle.update(cluster.session, address, olds, declared(more));

  it("disables and enables", async () => {
    const state = await made();
    const { outs } = await update(state, { state: "disabled" });
    assert.deepEqual(outs, { ...state, state: "disabled" });
    assert.equal(userOn(cluster.emulator, address).state, "disabled");
    assert.deepEqual(cluster.operations(), ["getUser", "disableUser"]);
    await update(outs);
    assert.equal(userOn(cluster.emulator, address).state, "enabled");
  });

  it("generates an own pair and revokes it again", async () => {
    const state = await made();
    const { outs } = await update(state, { createAccessKey: true });
    const [pair] = userOn(cluster.emulator, address).accessKeys;
    assert.equal(outs["accessKeyId"], pair?.accessKeyId);
    assert.equal(revealed(outs["secretAccessKey"]), pair?.secretAccessKey);
    const { outs: after } = await update(fromState(outs));
    assert.deepEqual(after, state);
    assert.deepEqual(userOn(cluster.emulator, address).accessKeys, []);
  });

  it("leaves the pairs of AccessKeys alone when it revokes the own one", async () => {
    const state = await made({ createAccessKey: true });
    const other = cluster.emulator.cluster.generateKey(address);
    await update(state);
    assert.deepEqual(userOn(cluster.emulator, address).accessKeys, [other]);
  });

  it("sends nothing for deleteEmptyBuckets, but stores it", async () => {
    const state = await made({ createAccessKey: true });
    const more = { createAccessKey: true, deleteEmptyBuckets: true };
    const { outs } = await update(state, more);
    assert.deepEqual(fromState(outs), { ...state, deleteEmptyBuckets: true });
    assert.equal(revealed(outs["secretAccessKey"]), state["secretAccessKey"]);
    assert.deepEqual(cluster.operations(), []);
  });

  it("refuses an own pair while both slots are taken, and changes nothing", async () => {
    const state = await made();
    cluster.emulator.cluster.generateKey(address);
    cluster.emulator.cluster.generateKey(address);
    const error = await failureOf(update(state, { createAccessKey: true }));
    assert.match(error.message, /it has the two keys that the service allows/);
    assert.equal(error instanceof PartialError, false);
    assert.deepEqual(cluster.operations(), ["getUser"]);
  });

  it("says that the user is gone, and with what to go on", async () => {
    const state = await made();
    cluster.emulator.cluster.deleteUser(address);
    assert.equal(
      (await failureOf(update(state, { state: "disabled" }))).message,
      `update user ${address}: the user does not exist any more; run: pulumi up --refresh`,
    );
  });

  it("changes nothing of a user who was made anew under the address", async () => {
    const state = await made();
    cluster.emulator.cluster.deleteUser(address);
    const other = cluster.emulator.cluster.createUser(address);
    const { message } = await failureOf(update(state, { state: "disabled" }));
    assert.match(message, /a different user under this address.*nothing was changed/);
    assert.deepEqual(userOn(cluster.emulator, address), other);
  });

  it("enables nobody who was suspended outside by a change of something else", async () => {
    const state = await made();
    cluster.emulator.cluster.setUserState(address, "disabled");
    const { outs } = await update(state, { createAccessKey: true });
    assert.equal(userOn(cluster.emulator, address).state, "disabled");
    assert.equal(userOn(cluster.emulator, address).accessKeys.length, 1);
    assert.equal(outs["state"], "enabled", "a refresh is what shows it");
  });

  it("generates no pair for one that was revoked outside by a change of something else", async () => {
    const state = await made({ createAccessKey: true });
    cluster.emulator.cluster.revokeKey(String(state["accessKeyId"]));
    const { outs } = await update(state, { createAccessKey: true, state: "disabled" });
    assert.deepEqual(userOn(cluster.emulator, address).accessKeys, []);
    assert.equal(outs["state"], "disabled");
    assert.equal("accessKeyId" in outs, false);
  });

  it("fails when one pair of two can't be revoked: that is no rule about a last one", async () => {
    const state = await made({ createAccessKey: true });
    cluster.emulator.cluster.generateKey(address);
    cluster.emulator.failNext({ operation: "revokeKey", kind: "status", status: 405 });
    assert((await failureOf(update(state))) instanceof ApiError);
    assert.deepEqual(cluster.warnings, []);
  });

  it("keeps what was reached when the second of two changes fails", async () => {
    const state = await made();
    cluster.emulator.failNext({ operation: "disableUser", kind: "status", status: 405 });
    const error = await partialErrorOf(update(state, { state: "disabled", createAccessKey: true }));
    assert.equal(error.id, address);
    const [pair] = userOn(cluster.emulator, address).accessKeys;
    assert.deepEqual(fromState(error.properties), { ...state, createAccessKey: true, ...pair });
  });

  it("is no half-made one when the first change fails", async () => {
    const state = await made();
    cluster.emulator.failNext({ operation: "generateKey", kind: "status", status: 405 });
    const error = await failureOf(update(state, { createAccessKey: true }));
    assert(error instanceof ApiError);
  });

  it("updates a state that lacks properties, as an older release stored it", async () => {
    const { userId } = await made();
    const older = { emailAddress: address, userId, __provider: "text" };
    const { outs } = await update(older, { state: "disabled" });
    assert.equal(outs["state"], "disabled");
    assert.equal(outs["createAccessKey"], false);
    assert.equal(outs["deleteEmptyBuckets"], false);
    assert.equal("__provider" in outs, false);
  });
});

describe("the user whose key signs, on a service that lets it be changed", () => {
  const cluster = useCluster({ assumptions: { systemUsersChangeable: true } });
  const system = "admin@ostor.example";
  const adopted = async () => {
    const user = await clientOf(cluster.session).getUser(system);
    assert(user);
    const inputs = declared({ emailAddress: system, adopt: user.userId, createAccessKey: true });
    const { outs } = await userLifecycle.create(cluster.session, inputs);
    return { state: fromState(outs), inputs };
  };
  const isLeftAlone = async () => {
    assert(!cluster.operations().some((name) => /^(disable|delete)/.test(name)));
    assert.equal((await clientOf(cluster.session).getUser(system))?.state, "enabled");
  };

  it("isn't disabled, which would lock the stack out", async () => {
    const { state, inputs } = await adopted();
    const news = { ...inputs, state: "disabled" };
    const error = await failureOf(userLifecycle.update(cluster.session, system, state, news));
    assert.match(
      error.message,
      /^disable user admin@.* signs the requests .* nothing was sent; set/,
    );
    await isLeftAlone();
  });

  it("isn't deleted either", async () => {
    const { state } = await adopted();
    const error = await failureOf(userLifecycle.delete(cluster.open(), system, state));
    assert.match(error.message, /^delete user admin@.* signs the requests of this stack/);
    await isLeftAlone();
  });
});
