import assert from "node:assert/strict";
import { ApiError } from "../../../../provider/api/errors";
import type { Bag } from "../../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../../provider/resources/user/user";
import { failureOf, fromState, useCluster, userOn } from "../../harness";
import { address, declared } from "./declared";

describe("delete of a user", () => {
  const cluster = useCluster();
  const made = async (more: Bag = {}) => {
    const { outs } = await userLifecycle.create(cluster.session, declared(more));
    cluster.emulator.clearRequests();
    return fromState(outs);
  };
  const remove = (state: Bag) => userLifecycle.delete(cluster.session, address, state);

  it("deletes", async () => {
    await remove(await made());
    assert.deepEqual(cluster.emulator.cluster.users(), []);
    assert.deepEqual(cluster.operations(), ["getUser", "listBuckets", "deleteUser"]);
  });

  it("is done when the user is gone already", async () => {
    const state = await made();
    cluster.emulator.cluster.deleteUser(address);
    await remove(state);
    assert(!cluster.operations().includes("deleteUser"));
  });

  it("leaves a user alone who was made anew under the address, and says so", async () => {
    const state = await made();
    cluster.emulator.cluster.deleteUser(address);
    const other = cluster.emulator.cluster.createUser(address);
    await remove(state);
    assert.deepEqual(userOn(cluster.emulator, address), other);
    assert.equal(cluster.warnings.length, 1);
    assert(cluster.warnings[0]?.includes(other.userId));
  });

  it("leaves a user alone whose id the state doesn't hold", async () => {
    await made();
    await remove({ emailAddress: address });
    assert(cluster.emulator.cluster.user(address));
  });

  it("is done when the answer was lost", async () => {
    const state = await made();
    cluster.emulator.failNext({ operation: "deleteUser", kind: "resetAfter" });
    await remove(state);
    assert.deepEqual(cluster.emulator.cluster.users(), []);
  });

  it("doesn't count as done what a foreign web server's 404 to the DELETE says", async () => {
    const state = await made();
    cluster.emulator.failNext({ operation: "deleteUser", kind: "html", status: 404 });
    assert.match(
      (await failureOf(remove(state))).message,
      /answers 404, but still returns this user/,
    );
    assert(cluster.emulator.cluster.user(address));
  });

  it("doesn't count as done what a foreign web server's 404 says", async () => {
    const state = await made();
    for (const operation of ["getUser", "getUser", "listUsers"]) {
      cluster.emulator.failNext({ operation, kind: "html", status: 404 });
    }
    assert((await failureOf(remove(state))) instanceof ApiError);
    assert(cluster.emulator.cluster.user(address));
  });
});
