import assert from "node:assert/strict";
import { ApiError, NetworkError } from "../../../../provider/api/errors";
import type { Bag } from "../../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../../provider/resources/user/user";
import { failureOf, fromState, revealed, useCluster, userOn } from "../../harness";
import { address, declared } from "./declared";

describe("read of a user", () => {
  const cluster = useCluster();
  const made = async (more: Bag = {}) =>
    fromState((await userLifecycle.create(cluster.session, declared(more))).outs);
  const read = (state: Bag) => userLifecycle.read(cluster.session, address, state);

  it("tells what is there: outputs, and the inputs that fit them", async () => {
    const state = await made({ createAccessKey: true });
    const { id, props, inputs } = await read(state);
    assert.equal(id, address);
    assert.deepEqual(fromState(props), state);
    assert.deepEqual(inputs, declared({ createAccessKey: true }));
    assert.equal(revealed(props?.["secretAccessKey"]), state["secretAccessKey"]);
  });

  it("reads a user that was deleted outside as gone", async () => {
    const state = await made();
    cluster.emulator.cluster.deleteUser(address);
    assert.deepEqual(await read(state), {});
  });

  it("reads a user that was deleted and made anew outside as gone", async () => {
    const state = await made();
    cluster.emulator.cluster.deleteUser(address);
    cluster.emulator.cluster.createUser(address);
    assert.deepEqual(await read(state), {});
  });

  it("shows a user that was disabled outside in inputs and outputs", async () => {
    const state = await made();
    cluster.emulator.cluster.setUserState(address, "disabled");
    const { props, inputs } = await read(state);
    assert.equal(props?.["state"], "disabled");
    assert.equal(inputs?.["state"], "disabled");
  });

  it("shows an own pair that was revoked outside as createAccessKey: false", async () => {
    const state = await made({ createAccessKey: true });
    cluster.emulator.cluster.revokeKey(String(state["accessKeyId"]));
    const { props, inputs } = await read(state);
    assert.equal(inputs?.["createAccessKey"], false);
    assert.equal("accessKeyId" in (props ?? {}), false);
    assert.equal("secretAccessKey" in (props ?? {}), false);
  });

  it("doesn't take a pair of an AccessKey for the own one", async () => {
    const state = await made();
    cluster.emulator.cluster.generateKey(address);
    assert.deepEqual(fromState((await read(state)).props), state);
  });

  it("reads a user by its id alone, as get and import files do", async () => {
    const { userId } = cluster.emulator.cluster.createUser(address);
    const { props, inputs } = await read({});
    assert.equal(props?.["userId"], userId);
    assert.deepEqual(inputs, declared());
  });

  for (const status of [403, 405, 503]) {
    it(`fails, and drops nobody, when the service answers ${status}`, async () => {
      const state = await made();
      cluster.emulator.failNext({ operation: "getUser", kind: "status", status, times: 5 });
      const error = await failureOf(read(state));
      assert(error instanceof ApiError);
      assert.equal(error.status, status);
    });
  }

  it("fails, and drops nobody, when the service is away", async () => {
    const state = await made();
    await cluster.emulator.stop();
    assert((await failureOf(read(state))) instanceof NetworkError);
  });
});

describe("read of a user, where secrets can't be read", () => {
  const cluster = useCluster({ assumptions: { secretsReadable: false } });

  it("keeps the secret it knows", async () => {
    const inputs = declared({ createAccessKey: true });
    const { outs } = await userLifecycle.create(cluster.session, inputs);
    const secret = userOn(cluster.emulator, address).accessKeys[0]?.secretAccessKey;
    assert.equal(revealed(outs["secretAccessKey"]), secret);
    const { props } = await userLifecycle.read(cluster.session, address, fromState(outs));
    assert.equal(revealed(props?.["secretAccessKey"]), secret);
  });
});
