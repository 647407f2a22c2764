import assert from "node:assert/strict";
import type { Cluster } from "../../provider/cluster/cluster";
import { dynamicProvider } from "../../provider/dynamic/provider";
import type { Run } from "../../provider/run/run";
import { unwatched } from "../../provider/run/engineWatch";
import type { Bag } from "../../provider/resources/lifecycle";
import { lifecycles } from "../../provider/resources/lifecycles";
import { fromState } from "./harness";

/** A resource in the state of the engine. */
export interface Stored {
  id: string;
  inputs: Bag;
  state: Bag;
}

/** One kind of resource in one run, with the calls that the engine makes for it. */
export type Kind = ReturnType<typeof kindOf>;

/** The front door of one run of the engine. Each run is a process with its own memory. */
export function openRun(cluster: Cluster) {
  const run: Run = {
    engine: () => unwatched,
    configure: () => undefined,
    settings: () => ({ settings: cluster.settings }),
    cluster: () => cluster,
  };
  return {
    cluster,
    user: kindOf(dynamicProvider(lifecycles.user, run)),
    key: kindOf(dynamicProvider(lifecycles.accessKey, run)),
    rotation: kindOf(dynamicProvider(lifecycles.rotation, run)),
    bucket: kindOf(dynamicProvider(lifecycles.bucket, run)),
  };
}

function kindOf(provider: ReturnType<typeof dynamicProvider>) {
  const check = async (olds: Bag, news: Bag) => {
    const checked = await provider.check(olds, news);
    assert.deepEqual(checked.failures, []);
    return checked.inputs as Bag;
  };
  const create = async (inputs: Bag): Promise<Stored> => {
    const created = (await provider.create(inputs)) as { id: string; outs: Bag };
    return { id: created.id, inputs, state: fromState(created.outs) };
  };
  return {
    provider,
    /** Registers a resource that is not in the stack. */
    add: async (declared: Bag) => create(await check({}, declared)),
    /** Registers a resource of the stack. `old` is the replaced one, which is deleted at the end. */
    async keep(stored: Stored, declared: Bag = stored.inputs): Promise<Stored & { old?: Stored }> {
      const { id, state } = stored;
      const inputs = await check(stored.inputs, declared);
      const { changes, replaces, deleteBeforeReplace } = await provider.diff(id, state, inputs);
      if (changes !== true) return { id, inputs, state };
      if (!replaces) {
        const updated = (await provider.update(id, state, inputs)) as { outs: Bag };
        return { id, inputs, state: fromState(updated.outs) };
      }
      if (deleteBeforeReplace === true) {
        await provider.delete(id, state);
        return create(inputs);
      }
      return { ...(await create(inputs)), old: stored };
    },
    /** Deletes a resource that left the program or was replaced. */
    remove: ({ id, state }: Stored) => provider.delete(id, state),
    /** Replaces a resource by force, without a `diff`. */
    async replace(stored: Stored, { deleteFirst = false } = {}): Promise<Stored> {
      const inputs = await check({}, stored.inputs);
      if (deleteFirst) await provider.delete(stored.id, stored.state);
      const created = await create(inputs);
      if (!deleteFirst) await provider.delete(stored.id, stored.state);
      return created;
    },
    /** Refreshes a resource: compares it with the inputs of the last program. */
    async refresh({ id, inputs, state }: Stored): Promise<Stored | undefined> {
      const found = await provider.read(id, state);
      if (found.id === undefined) return undefined;
      const props = fromState(found.props as Bag);
      await provider.diff(id, props, inputs);
      return { id, inputs, state: props };
    },
    /** Reads a resource by its id only, as `User.get` does. */
    get: (id: string) => provider.read(id, {}),
  };
}
