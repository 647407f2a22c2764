import assert from "node:assert/strict";
import type { Bag } from "../../provider/resources/lifecycle";
import { configureRequest, settingsOf, urnOf, usePlugin } from "./plugin";

const address = "ops@acme.example";

describe("a key that leaves the stack", () => {
  const plugin = usePlugin();
  const keyIds = () =>
    plugin.emulator.cluster.user(address)?.accessKeys.map(({ accessKeyId }) => accessKeyId);

  /** What a run before this one created: another process, so that this one remembers nothing of it. */
  function stored(kind: "AccessKey" | "RotatingAccessKey") {
    const { userId, accessKeys } = plugin.emulator.cluster.createUser(address);
    const [key] = accessKeys;
    assert(key);
    const owner = { emailAddress: address, userId };
    const schedule = { rotatedAt: new Date().toISOString(), generation: 0, hasPrevious: false };
    const state: Bag = { ...owner, ...key, ...(kind === "RotatingAccessKey" && schedule) };
    const id = kind === "AccessKey" ? key.accessKeyId : userId;
    const user = { emailAddress: address, state: "enabled", createAccessKey: false };
    const flags = { deleteEmptyBuckets: false };
    return {
      id,
      state,
      urn: urnOf(kind, "k"),
      userUrn: urnOf("User", "acme"),
      userInputs: { ...user, ...flags },
      userState: { ...user, ...flags, userId, flags: [] },
    };
  }

  function giveData() {
    plugin.emulator.cluster.createBucket("inventory", address);
    plugin.emulator.cluster.putObject("inventory", "a", "hello");
  }

  for (const kind of ["AccessKey", "RotatingAccessKey"] as const) {
    describe(kind, () => {
      it("stays if its user would leave too, and owns data", async () => {
        const { urn, id, state } = stored(kind);
        giveData();
        await assert.rejects(
          plugin.run.delete(urn, id, state),
          /revoke key .*inventory \(5 B\).*npx pulumi-ostor revoke-key.* \[buckets-exist\]/,
        );
        assert.equal(keyIds()?.length, 1);
      });

      it("is revoked if a resource of the program keeps the user", async () => {
        const { urn, id, state, userUrn, userInputs, userState } = stored(kind);
        giveData();
        const { inputs } = await plugin.run.check(userUrn, userInputs, userInputs);
        await plugin.run.diff(userUrn, address, inputs, userState, userInputs);
        await plugin.run.delete(urn, id, state);
        assert.deepEqual(keyIds(), []);
      });

      it("stays if the user was only refreshed", async () => {
        const { urn, id, state, userUrn, userInputs, userState } = stored(kind);
        giveData();
        const read = await plugin.run.read(userUrn, address, userState, userInputs);
        await plugin.run.diff(userUrn, address, userInputs, read.state ?? {}, read.inputs);
        await assert.rejects(plugin.run.delete(urn, id, state), /\[buckets-exist\]/);
      });

      it("is revoked if it is replaced", async () => {
        const { urn, id, state } = stored(kind);
        giveData();
        const { reasons } = await plugin.run.check(urn, { user: address, generation: 1 });
        assert(kind === "AccessKey" || reasons.length === 0);
        await plugin.run.delete(urn, id, state);
        assert.deepEqual(keyIds(), []);
      });

      it("stays if its user owns empty buckets, and nothing says that they are deleted too", async () => {
        const { urn, id, state, userUrn, userInputs, userState } = stored(kind);
        plugin.emulator.cluster.createBucket("inventory", address);
        await plugin.run.read(userUrn, address, userState, userInputs);
        await assert.rejects(
          plugin.run.delete(urn, id, state),
          /inventory \(0 B\); delete them first, or, .* --refresh; .* \[buckets-exist\]/,
        );
        assert.equal(keyIds()?.length, 1);
      });

      it("is revoked if a refresh read that the empty buckets are deleted with its user", async () => {
        const { urn, id, state, userUrn, userInputs, userState } = stored(kind);
        const flags = { deleteEmptyBuckets: true };
        plugin.emulator.cluster.createBucket("inventory", address);
        const [inputs, known] = [
          { ...userInputs, ...flags },
          { ...userState, ...flags },
        ];
        await plugin.run.read(userUrn, address, known, inputs);
        await plugin.run.delete(urn, id, state);
        assert.deepEqual(keyIds(), []);
        await plugin.run.delete(userUrn, address, known);
        assert.deepEqual(plugin.emulator.cluster.buckets(), []);
      });

      it("stays if its user owns data, whatever a refresh read", async () => {
        const { urn, id, state, userUrn, userInputs, userState } = stored(kind);
        giveData();
        const known = { ...userState, deleteEmptyBuckets: true };
        await plugin.run.read(userUrn, address, known, userInputs);
        await assert.rejects(plugin.run.delete(urn, id, state), /hold objects.*\[buckets-exist\]/);
      });

      it("is revoked after a second Configure, which forgets nothing of the run", async () => {
        const { urn, id, state, userUrn, userInputs, userState } = stored(kind);
        giveData();
        await plugin.run.diff(userUrn, address, userInputs, userState, userInputs);
        await plugin.call("configure", configureRequest(settingsOf(plugin.emulator)));
        await plugin.run.delete(urn, id, state);
        assert.deepEqual(keyIds(), []);
      });

      it("leaves the stack if it is revoked already", async () => {
        const { urn, id, state } = stored(kind);
        giveData();
        for (const key of keyIds() ?? []) plugin.emulator.cluster.revokeKey(key);
        await plugin.run.delete(urn, id, state);
      });
    });
  }
});
