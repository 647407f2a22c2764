import assert from "node:assert/strict";
import { accessKeyLifecycle } from "../../../provider/resources/accessKey/accessKey";
import type { Bag, Lifecycle } from "../../../provider/resources/lifecycle";
import type { Cluster } from "../../../provider/cluster/cluster";
import { userLifecycle } from "../../../provider/resources/user/user";
import { generations, switches, type Variant } from "../../contract/variants";
import { changesOf, failureOf, fromState, useEmulator, userOn } from "../harness";

const emailAddress = "Ops+1@acme.example";

/** A resource in a stack, with the steps of the engine. */
function resource(lifecycle: Lifecycle, open: () => Cluster) {
  let [id, state] = ["", {} as Bag];
  const checked = (declared: Bag): Bag => {
    const { inputs, failures } = lifecycle.check(declared);
    assert.deepEqual(failures, []);
    return inputs;
  };
  return {
    id: () => id,
    state: () => state,
    async create(declared: Bag) {
      const created = await lifecycle.create(open(), checked(declared));
      [id, state] = [created.id, fromState(created.outs)];
    },
    async update(declared: Bag) {
      const { changes } = await changesOf(lifecycle.diff(open(), id, state, checked(declared)));
      assert.equal(changes, true);
      state = fromState((await lifecycle.update(open(), id, state, checked(declared))).outs);
    },
    /** A refresh, then a preview. */
    async showsNoChange(declared: Bag) {
      const { id: found, props } = await lifecycle.read(open(), id, state);
      assert.equal(found, id);
      assert.deepEqual(fromState(props), state);
      const { changes } = await changesOf(
        lifecycle.diff(open(), id, fromState(props), checked(declared)),
      );
      assert.equal(changes, false);
    },
    delete: () => lifecycle.delete(open(), id, state),
  };
}

function describeVariant({ name, assumptions, settings = {} }: Variant): void {
  describe(`on a service with ${name}`, () => {
    const setup = useEmulator({ assumptions });
    // Each step is a run of its own.
    const open = () => setup.open(settings);
    const stored = () => userOn(setup.emulator, emailAddress);
    const keys = () => stored().accessKeys;
    /** Lets time pass until reads are no longer stale. */
    const rest = () => {
      setup.pass(lagMs);
    };
    /** If the last key cannot be revoked, the first key stays until there is another one. */
    const { lastKeyRevocable = true, lagMs = 0 } = assumptions;
    const fixed = lastKeyRevocable ? 0 : 1;

    it("a user is created, updated and deleted as declared", async () => {
      const user = resource(userLifecycle, open);
      await user.create({ emailAddress });
      assert.equal(keys().length, fixed);
      await user.showsNoChange({ emailAddress });
      for (const state of ["disabled", "enabled"] as const) {
        await user.update({ emailAddress, state });
        assert.equal(stored().state, state);
        rest();
        await user.showsNoChange({ emailAddress, state });
      }
      await user.delete();
      assert.deepEqual(setup.emulator.cluster.users(), []);
      await user.delete();
    });

    it("a user has its own key, and is disabled from the beginning", async () => {
      const user = resource(userLifecycle, open);
      const declared = { emailAddress, createAccessKey: true, state: "disabled" };
      await user.create(declared);
      assert.equal(stored().state, "disabled");
      const { accessKeyId, secretAccessKey } = user.state();
      assert.deepEqual(keys(), [{ accessKeyId, secretAccessKey }]);
      rest();
      await user.showsNoChange(declared);
      await user.delete();
      assert.deepEqual(setup.emulator.cluster.users(), []);
    });

    it("keys are generated and revoked", async () => {
      const user = resource(userLifecycle, open);
      await user.create({ emailAddress });
      const resources = [accessKeyLifecycle, accessKeyLifecycle].map((each) =>
        resource(each, open),
      );
      for (const key of resources.slice(fixed)) {
        await key.create({ user: emailAddress });
        const { accessKeyId, secretAccessKey } = key.state();
        const found = keys().find((each) => each.accessKeyId === accessKeyId);
        assert.equal(secretAccessKey, found?.secretAccessKey);
        await key.showsNoChange({ user: emailAddress });
      }
      assert.equal(keys().length, 2);
      await failureOf(resource(accessKeyLifecycle, open).create({ user: emailAddress }));
      for (const key of resources.slice(fixed)) await key.delete();
      assert.equal(keys().length, fixed);
      await user.showsNoChange({ emailAddress });
    });

    it("a user that exists is not adopted implicitly", async () => {
      const { userId } = setup.emulator.cluster.createUser(emailAddress);
      const before = setup.emulator.cluster.users();
      const error = await failureOf(resource(userLifecycle, open).create({ emailAddress }));
      assert.match(error.message, new RegExp(`adopt: "${userId}"`));
      assert.deepEqual(setup.emulator.cluster.users(), before);
    });

    it("a user that owns buckets is not deleted", async () => {
      const user = resource(userLifecycle, open);
      await user.create({ emailAddress, createAccessKey: true });
      setup.emulator.cluster.createBucket("inventory", emailAddress);
      rest();
      assert.match((await failureOf(user.delete())).message, /inventory/);
      assert.equal(keys().length, 1);
      await user.update({ emailAddress, createAccessKey: true, deleteEmptyBuckets: true });
      await user.delete();
      assert.deepEqual(setup.emulator.cluster.users(), []);
      assert.deepEqual(setup.emulator.cluster.buckets(), []);
    });

    it("a user that was created disabled has no key, or a message reports it", async () => {
      const user = resource(userLifecycle, open);
      await user.create({ emailAddress, state: "disabled" });
      assert.equal(stored().state, "disabled");
      assert.equal(keys().length, fixed);
      if (fixed === 1)
        assert.match(setup.warnings.join(), new RegExp(keys()[0]?.accessKeyId ?? ""));
    });
  });
}

for (const variant of [...generations, ...switches]) describeVariant(variant);
