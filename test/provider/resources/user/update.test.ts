import assert from "node:assert/strict";
import { ApiError } from "../../../../provider/api/errors";
import { PartialError, type Bag } from "../../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../../provider/resources/user/user";
import { clientOf, failureOf, fromState, revealed, useEmulator, userOn } from "../../harness";
import { address, declared, partialErrorOf } from "./declared";

describe("update of a user", () => {
  const setup = useEmulator();
  const created = async (more: Bag = {}) => {
    const { outs } = await userLifecycle.create(setup.cluster, declared(more));
    setup.emulator.clearRequests();
    return fromState(outs);
  };
  const update = (olds: Bag, more: Bag = {}) =>
    userLifecycle.update(setup.cluster, address, olds, declared(more));

  it("disables and enables", async () => {
    const state = await created();
    const { outs } = await update(state, { state: "disabled" });
    assert.deepEqual(outs, { ...state, state: "disabled" });
    assert.equal(userOn(setup.emulator, address).state, "disabled");
    assert.deepEqual(setup.operations(), ["getUser", "disableUser"]);
    await update(outs);
    assert.equal(userOn(setup.emulator, address).state, "enabled");
  });

  it("generates the user's own key and revokes it again", async () => {
    const state = await created();
    const { outs } = await update(state, { createAccessKey: true });
    const [key] = userOn(setup.emulator, address).accessKeys;
    assert.equal(outs["accessKeyId"], key?.accessKeyId);
    assert.equal(revealed(outs["secretAccessKey"]), key?.secretAccessKey);
    const { outs: after } = await update(fromState(outs));
    assert.deepEqual(after, state);
    assert.deepEqual(userOn(setup.emulator, address).accessKeys, []);
  });

  it("keeps the keys of AccessKeys when it revokes the user's own key", async () => {
    const state = await created({ createAccessKey: true });
    const other = setup.emulator.cluster.generateKey(address);
    await update(state);
    assert.deepEqual(userOn(setup.emulator, address).accessKeys, [other]);
  });

  it("stores deleteEmptyBuckets without a request", async () => {
    const state = await created({ createAccessKey: true });
    const more = { createAccessKey: true, deleteEmptyBuckets: true };
    const { outs } = await update(state, more);
    assert.deepEqual(fromState(outs), { ...state, deleteEmptyBuckets: true });
    assert.equal(revealed(outs["secretAccessKey"]), state["secretAccessKey"]);
    assert.deepEqual(setup.operations(), []);
  });

  it("refuses an own key while both slots are in use, and changes nothing", async () => {
    const state = await created();
    setup.emulator.cluster.generateKey(address);
    setup.emulator.cluster.generateKey(address);
    const error = await failureOf(update(state, { createAccessKey: true }));
    assert.match(error.message, /it has the two keys that the service allows/);
    assert.equal(error instanceof PartialError, false);
    assert.deepEqual(setup.operations(), ["getUser"]);
  });

  it("reports that the user no longer exists, and names the next command", async () => {
    const state = await created();
    setup.emulator.cluster.deleteUser(address);
    assert.equal(
      (await failureOf(update(state, { state: "disabled" }))).message,
      `update user ${address}: the user does not exist any more; run: pulumi up --refresh`,
    );
  });

  it("does not change a user that was re-created under the address", async () => {
    const state = await created();
    setup.emulator.cluster.deleteUser(address);
    const other = setup.emulator.cluster.createUser(address);
    const { message } = await failureOf(update(state, { state: "disabled" }));
    assert.match(message, /a different user under this address.*nothing was changed/);
    assert.deepEqual(userOn(setup.emulator, address), other);
  });

  it("does not enable a user that was suspended outside when another property changes", async () => {
    const state = await created();
    setup.emulator.cluster.setUserState(address, "disabled");
    const { outs } = await update(state, { createAccessKey: true });
    assert.equal(userOn(setup.emulator, address).state, "disabled");
    assert.equal(userOn(setup.emulator, address).accessKeys.length, 1);
    assert.equal(outs["state"], "enabled", "a refresh is what shows it");
  });

  it("does not replace a key that was revoked outside when another property changes", async () => {
    const state = await created({ createAccessKey: true });
    setup.emulator.cluster.revokeKey(String(state["accessKeyId"]));
    const { outs } = await update(state, { createAccessKey: true, state: "disabled" });
    assert.deepEqual(userOn(setup.emulator, address).accessKeys, []);
    assert.equal(outs["state"], "disabled");
    assert.equal("accessKeyId" in outs, false);
  });

  it("fails when one of two keys cannot be revoked, because it is not the last key", async () => {
    const state = await created({ createAccessKey: true });
    setup.emulator.cluster.generateKey(address);
    setup.emulator.failNext({ operation: "revokeKey", kind: "status", status: 405 });
    assert((await failureOf(update(state))) instanceof ApiError);
    assert.deepEqual(setup.warnings, []);
  });

  it("keeps the first of two changes when the second fails", async () => {
    const state = await created();
    setup.emulator.failNext({ operation: "disableUser", kind: "status", status: 405 });
    const error = await partialErrorOf(update(state, { state: "disabled", createAccessKey: true }));
    assert.equal(error.id, address);
    const [key] = userOn(setup.emulator, address).accessKeys;
    assert.deepEqual(fromState(error.properties), { ...state, createAccessKey: true, ...key });
  });

  it("does not leave a partially created user when the first change fails", async () => {
    const state = await created();
    setup.emulator.failNext({ operation: "generateKey", kind: "status", status: 405 });
    const error = await failureOf(update(state, { createAccessKey: true }));
    assert(error instanceof ApiError);
  });

  it("updates the state of an older release, which lacks properties", async () => {
    const { userId } = await created();
    const older = { emailAddress: address, userId, __provider: "text" };
    const { outs } = await update(older, { state: "disabled" });
    assert.equal(outs["state"], "disabled");
    assert.equal(outs["createAccessKey"], false);
    assert.equal(outs["deleteEmptyBuckets"], false);
    assert.equal("__provider" in outs, false);
  });
});

describe("the user whose key signs the requests, on a service that allows changes to it", () => {
  const setup = useEmulator({ assumptions: { systemUsersChangeable: true } });
  const system = "admin@ostor.example";
  const adopted = async () => {
    const user = await clientOf(setup.cluster).getUser(system);
    assert(user);
    const inputs = declared({ emailAddress: system, adopt: user.userId, createAccessKey: true });
    const { outs } = await userLifecycle.create(setup.cluster, inputs);
    return { state: fromState(outs), inputs };
  };
  const isLeftAlone = async () => {
    assert(!setup.operations().some((name) => /^(disable|delete)/.test(name)));
    assert.equal((await clientOf(setup.cluster).getUser(system))?.state, "enabled");
  };

  it("is not disabled, because that would lock the stack out", async () => {
    const { state, inputs } = await adopted();
    const news = { ...inputs, state: "disabled" };
    const error = await failureOf(userLifecycle.update(setup.cluster, system, state, news));
    assert.match(
      error.message,
      /^disable user admin@.* signs the requests .* nothing was sent; set/,
    );
    await isLeftAlone();
  });

  it("is not deleted", async () => {
    const { state } = await adopted();
    const error = await failureOf(userLifecycle.delete(setup.open(), system, state));
    assert.match(error.message, /^delete user admin@.* signs the requests of this stack/);
    await isLeftAlone();
  });
});
