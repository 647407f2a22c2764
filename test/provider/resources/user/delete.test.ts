import assert from "node:assert/strict";
import { ApiError } from "../../../../provider/api/errors";
import type { Bag } from "../../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../../provider/resources/user/user";
import { failureOf, fromState, useEmulator, userOn } from "../../harness";
import { address, declared } from "./declared";

describe("delete of a user", () => {
  const setup = useEmulator();
  const created = async (more: Bag = {}) => {
    const { outs } = await userLifecycle.create(setup.cluster, declared(more));
    setup.emulator.clearRequests();
    return fromState(outs);
  };
  const remove = (state: Bag) => userLifecycle.delete(setup.cluster, address, state);

  it("deletes the user", async () => {
    await remove(await created());
    assert.deepEqual(setup.emulator.cluster.users(), []);
    assert.deepEqual(setup.operations(), ["getUser", "listBuckets", "deleteUser"]);
  });

  it("succeeds when the user no longer exists", async () => {
    const state = await created();
    setup.emulator.cluster.deleteUser(address);
    await remove(state);
    assert(!setup.operations().includes("deleteUser"));
  });

  it("does not delete a user that was re-created under the address, and warns", async () => {
    const state = await created();
    setup.emulator.cluster.deleteUser(address);
    const other = setup.emulator.cluster.createUser(address);
    await remove(state);
    assert.deepEqual(userOn(setup.emulator, address), other);
    assert.equal(setup.warnings.length, 1);
    assert(setup.warnings[0]?.includes(other.userId));
  });

  it("does not delete a user whose id is not in the state", async () => {
    await created();
    await remove({ emailAddress: address });
    assert(setup.emulator.cluster.user(address));
  });

  it("succeeds when the response is lost", async () => {
    const state = await created();
    setup.emulator.failNext({ operation: "deleteUser", kind: "resetAfter" });
    await remove(state);
    assert.deepEqual(setup.emulator.cluster.users(), []);
  });

  it("does not treat a 404 of another web server to the DELETE as a deletion", async () => {
    const state = await created();
    setup.emulator.failNext({ operation: "deleteUser", kind: "html", status: 404 });
    assert.match(
      (await failureOf(remove(state))).message,
      /answers 404, but still returns this user/,
    );
    assert(setup.emulator.cluster.user(address));
  });

  it("does not treat a 404 of another web server to the reads as a deletion", async () => {
    const state = await created();
    for (const operation of ["getUser", "getUser", "listUsers"]) {
      setup.emulator.failNext({ operation, kind: "html", status: 404 });
    }
    assert((await failureOf(remove(state))) instanceof ApiError);
    assert(setup.emulator.cluster.user(address));
  });
});
