import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../../../emulator";
import { accessKeyLifecycle } from "../../../../provider/resources/accessKey/accessKey";
import type { Bag } from "../../../../provider/resources/lifecycle";
import { fromState, useEmulator, userOn } from "../../harness";

export const address = "ops@acme.example";
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A cluster with one user without keys. */
export function useUser(assumptions: NonNullable<EmulatorOptions["assumptions"]> = {}) {
  const setup = useEmulator({ assumptions });
  beforeEach(() => {
    const [key] = setup.emulator.cluster.createUser(address).accessKeys;
    setup.emulator.cluster.revokeKey(key?.accessKeyId ?? "");
  });
  const inputs = (more: Bag = {}): Bag => {
    const checked = accessKeyLifecycle.check({ user: address, ...more });
    assert.deepEqual(checked.failures, []);
    return checked.inputs;
  };
  const create = (more: Bag = {}) => accessKeyLifecycle.create(setup.cluster, inputs(more));
  const created = async (more: Bag = {}) => {
    const { id, outs } = await create(more);
    setup.emulator.clearRequests();
    return { id, state: fromState(outs) };
  };
  const keys = () => userOn(setup.emulator, address).accessKeys;
  const userId = () => userOn(setup.emulator, address).userId;
  return { setup, inputs, create, created, keys, userId };
}
