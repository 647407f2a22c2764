import assert from "node:assert/strict";
import { accessKeyLifecycle } from "../../../provider/resources/accessKey/accessKey";
import type { Bag } from "../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../provider/resources/user/user";
import { fromState, useEmulator } from "../harness";

const address = "ops@acme.example";

/** In each test, a second run begins while reads do not return the writes of the first run yet. */
describe("a run that begins while reads are stale", () => {
  const setup = useEmulator({ assumptions: { lagMs: 150, listKeys: false } });

  const declared = (more: Bag = {}): Bag =>
    userLifecycle.check({ emailAddress: address, ...more }).inputs;
  const make = async (more: Bag = {}) => {
    const { outs } = await userLifecycle.create(setup.cluster, declared(more));
    setup.pass(150);
    return fromState(outs);
  };
  const update = async (state: Bag, more: Bag) => {
    const { outs } = await userLifecycle.update(setup.open(), address, state, declared(more));
    return fromState(outs);
  };
  const user = () => setup.emulator.cluster.user(address);

  it("disables a user that was just enabled, although reads still return disabled", async () => {
    const created = await make({ state: "disabled" });
    const enabled = await update(created, { state: "enabled" });
    await update(enabled, { state: "disabled" });
    assert.equal(user()?.state, "disabled");
  });

  it("keeps the user's own key in state when it was just generated", async () => {
    const created = await make();
    const state = await update(created, { createAccessKey: true });
    const { props } = await userLifecycle.read(setup.open(), address, state);
    assert.equal(props?.["accessKeyId"], state["accessKeyId"]);
  });

  it("keeps a user in state that was just re-created, and deletes that user", async () => {
    await make();
    setup.emulator.cluster.deleteUser(address);
    const { userId } = setup.emulator.cluster.createUser(address);
    const state = { ...declared(), userId, flags: [] };
    const { id } = await userLifecycle.read(setup.open(), address, state);
    assert.equal(id, address);
    await userLifecycle.delete(setup.open(), address, state);
    assert.equal(user(), undefined);
  });

  it("adopts a key that was just generated, and generates no other key", async () => {
    const { userId } = await make();
    const { accessKeyId: adopt } = setup.emulator.cluster.generateKey(address);
    const { id } = await accessKeyLifecycle.create(setup.open(), {
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

  it("keeps a key in state that is read long after a stale read of its user", async () => {
    const state = await make();
    const { userId } = state;
    const { outs } = await accessKeyLifecycle.create(setup.open(), { user: address, userId });
    const key = fromState(outs);
    const run = setup.open();
    await userLifecycle.read(run, address, state);
    setup.pass(200);
    const { id } = await accessKeyLifecycle.read(run, String(key["accessKeyId"]), key);
    assert.equal(id, key["accessKeyId"]);
  });
});
