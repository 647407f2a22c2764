import assert from "node:assert/strict";
import { ApiError, NetworkError } from "../../../../provider/api/errors";
import type { Bag } from "../../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../../provider/resources/user/user";
import { failureOf, fromState, revealed, useEmulator, userOn } from "../../harness";
import { address, declared } from "./declared";

describe("read of a user", () => {
  const setup = useEmulator();
  const created = async (more: Bag = {}) =>
    fromState((await userLifecycle.create(setup.cluster, declared(more))).outs);
  const read = (state: Bag) => userLifecycle.read(setup.cluster, address, state);

  it("returns the outputs and the matching inputs", async () => {
    const state = await created({ createAccessKey: true });
    const { id, props, inputs } = await read(state);
    assert.equal(id, address);
    assert.deepEqual(fromState(props), state);
    assert.deepEqual(inputs, declared({ createAccessKey: true }));
    assert.equal(revealed(props?.["secretAccessKey"]), state["secretAccessKey"]);
  });

  it("returns nothing for a user that was deleted outside", async () => {
    const state = await created();
    setup.emulator.cluster.deleteUser(address);
    assert.deepEqual(await read(state), {});
  });

  it("returns nothing for a user that was re-created outside", async () => {
    const state = await created();
    setup.emulator.cluster.deleteUser(address);
    setup.emulator.cluster.createUser(address);
    assert.deepEqual(await read(state), {});
  });

  it("returns the state of a user that was disabled outside in inputs and outputs", async () => {
    const state = await created();
    setup.emulator.cluster.setUserState(address, "disabled");
    const { props, inputs } = await read(state);
    assert.equal(props?.["state"], "disabled");
    assert.equal(inputs?.["state"], "disabled");
  });

  it("returns createAccessKey: false if the user's own key was revoked outside", async () => {
    const state = await created({ createAccessKey: true });
    setup.emulator.cluster.revokeKey(String(state["accessKeyId"]));
    const { props, inputs } = await read(state);
    assert.equal(inputs?.["createAccessKey"], false);
    assert.equal("accessKeyId" in (props ?? {}), false);
    assert.equal("secretAccessKey" in (props ?? {}), false);
  });

  it("does not treat the key of an AccessKey as the user's own key", async () => {
    const state = await created();
    setup.emulator.cluster.generateKey(address);
    assert.deepEqual(fromState((await read(state)).props), state);
  });

  it("reads a user by its id only, as get and import files do", async () => {
    const { userId } = setup.emulator.cluster.createUser(address);
    const { props, inputs } = await read({});
    assert.equal(props?.["userId"], userId);
    assert.deepEqual(inputs, declared());
  });

  for (const status of [403, 405, 503]) {
    it(`fails when the service returns ${status}`, async () => {
      const state = await created();
      setup.emulator.failNext({ operation: "getUser", kind: "status", status, times: 5 });
      const error = await failureOf(read(state));
      assert(error instanceof ApiError);
      assert.equal(error.status, status);
    });
  }

  it("fails when the service cannot be reached", async () => {
    const state = await created();
    await setup.emulator.stop();
    assert((await failureOf(read(state))) instanceof NetworkError);
  });
});

describe("read of a user, where secrets cannot be read", () => {
  const setup = useEmulator({ assumptions: { secretsReadable: false } });

  it("keeps the secret of the state", async () => {
    const inputs = declared({ createAccessKey: true });
    const { outs } = await userLifecycle.create(setup.cluster, inputs);
    const secret = userOn(setup.emulator, address).accessKeys[0]?.secretAccessKey;
    assert.equal(revealed(outs["secretAccessKey"]), secret);
    const { props } = await userLifecycle.read(setup.cluster, address, fromState(outs));
    assert.equal(revealed(props?.["secretAccessKey"]), secret);
  });
});
