import assert from "node:assert/strict";
import type { Bag } from "../../provider/resources/lifecycle";
import { isSecret, secret } from "../../provider/resources/secret";
import { failure, urnOf, usePlugin } from "./plugin";

const address = "o'brien@acme.example";
const flags = { createAccessKey: false, deleteEmptyBuckets: false };
const enabled = { emailAddress: address, state: "enabled", ...flags };
const disabled = { ...enabled, state: "disabled" };

/** The engine decides on these, with `replaceOnChanges`: the comparison of the plugin asks for an update. */
describe("a replacement of what the comparison kept", () => {
  const plugin = usePlugin();
  const user = () => urnOf("User");

  /** A user that the program keeps, as the engine checks and compares it. */
  async function keep(urn: string, state: Bag): Promise<void> {
    await plugin.run.check(urn, disabled, enabled);
    await plugin.run.diff(urn, address, disabled, state);
  }
  const create = async () => (await plugin.run.create(user(), enabled)).state;
  const stored = () => plugin.emulator.cluster.user(address);

  it("deletes the user, and creates it again", async () => {
    const state = await create();
    await keep(user(), state);
    await plugin.run.check(user(), disabled);
    await plugin.run.delete(user(), address, state);
    assert.equal(stored(), undefined);
    await plugin.run.create(user(), disabled);
    assert.equal(stored()?.state, "disabled");
    assert.notEqual(stored()?.userId, state["userId"]);
  });

  it("does not delete a user that another resource keeps", async () => {
    const state = await create();
    await keep(user(), state);
    await keep(urnOf("User", "twin"), state);
    await plugin.run.check(user(), disabled);
    await plugin.run.delete(user(), address, state);
    assert.equal(stored()?.userId, state["userId"]);
  });

  it("revokes the old key after the new one is generated", async () => {
    const { userId } = await create();
    const key = urnOf("AccessKey");
    const inputs = { user: address, userId };
    const old = await plugin.run.create(key, inputs);
    await plugin.run.check(key, inputs, inputs);
    await plugin.run.diff(key, old.id, inputs, old.state);
    await plugin.run.check(key, inputs);
    const { id } = await plugin.run.create(key, inputs);
    await plugin.run.delete(key, old.id, old.state);
    assert.deepEqual(
      stored()?.accessKeys.map(({ accessKeyId }) => accessKeyId),
      [id],
    );
  });
});

describe("outputs of the plugin", () => {
  const plugin = usePlugin();

  it("are secret as a whole if they contain a secret, because a host for YAML loses it otherwise", async () => {
    await plugin.run.create(urnOf("User"), enabled);
    const inputs = { user: address, keepers: { s: secret("canary"), t: "plain" } };
    const { state } = await plugin.run.create(urnOf("AccessKey"), inputs);
    assert(isSecret(state["keepers"]));
    assert.deepEqual(state["keepers"], secret({ s: "canary", t: "plain" }));
  });

  it("quote an address in a command", async () => {
    plugin.emulator.cluster.createUser(address);
    const { details } = await failure(plugin.run.create(urnOf("User"), enabled));
    assert(details.includes(`pulumi import ostor:index:User <name> 'o'\\''brien@acme.example'`));
  });
});
