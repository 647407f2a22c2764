import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { accessKeyLifecycle } from "../../../provider/resources/accessKey/accessKey";
import type { Bag } from "../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../provider/resources/user/user";
import { fromState, useCluster } from "../harness";

const address = "ops@acme.example";

/** Each test's second session is a run that begins while reads still tell of the cluster before the first one's writes. */
describe("a run that begins while reads are late", () => {
  const cluster = useCluster({ assumptions: { lagMs: 150, listKeys: false } });

  const declared = (more: Bag = {}): Bag =>
    userLifecycle.check({ emailAddress: address, ...more }).inputs;
  const make = async (more: Bag = {}) => {
    const { outs } = await userLifecycle.create(cluster.session, declared(more));
    await pause(170);
    return fromState(outs);
  };
  const update = async (state: Bag, more: Bag) => {
    const { outs } = await userLifecycle.update(cluster.open(), address, state, declared(more));
    return fromState(outs);
  };
  const user = () => cluster.emulator.cluster.user(address);

  it("disables who was enabled a moment ago, and shows as disabled still", async () => {
    const made = await make({ state: "disabled" });
    const enabled = await update(made, { state: "enabled" });
    await update(enabled, { state: "disabled" });
    assert.equal(user()?.state, "disabled");
  });

  it("keeps an own pair in state that was generated a moment ago", async () => {
    const made = await make();
    const state = await update(made, { createAccessKey: true });
    const { props } = await userLifecycle.read(cluster.open(), address, state);
    assert.equal(props?.["accessKeyId"], state["accessKeyId"]);
  });

  it("keeps a user in state who was made anew a moment ago, and deletes that one", async () => {
    await make();
    cluster.emulator.cluster.deleteUser(address);
    const { userId } = cluster.emulator.cluster.createUser(address);
    const state = { ...declared(), userId, flags: [] };
    const { id } = await userLifecycle.read(cluster.open(), address, state);
    assert.equal(id, address);
    await userLifecycle.delete(cluster.open(), address, state);
    assert.equal(user(), undefined);
  });

  it("takes over a pair that was generated a moment ago, and makes no other one", async () => {
    const { userId } = await make();
    const { accessKeyId: adopt } = cluster.emulator.cluster.generateKey(address);
    const { id } = await accessKeyLifecycle.create(cluster.open(), {
      user: address,
      userId,
      adopt,
    });
    assert.equal(id, adopt);
    assert.deepEqual(
      user()?.accessKeys.map(({ accessKeyId }) => accessKeyId),
      [adopt],
    );
  });

  it("keeps a key in state, read long after its user was, when that answer was late", async () => {
    const state = await make();
    const { userId } = state;
    const { outs } = await accessKeyLifecycle.create(cluster.open(), { user: address, userId });
    const key = fromState(outs);
    const run = cluster.open();
    await userLifecycle.read(run, address, state);
    await pause(250);
    const { id } = await accessKeyLifecycle.read(run, String(key["accessKeyId"]), key);
    assert.equal(id, key["accessKeyId"]);
  });
});
