import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { failure, urnOf, useOwnPlugin, usePlugin } from "./plugin";

const address = "ops@acme.example";
const flags = { state: "enabled", createAccessKey: false, deleteEmptyBuckets: false };

/** The message of a failed call, which names no property `adopt`. */
async function messageOf(call: Promise<unknown>): Promise<string> {
  const { details } = await failure(call);
  assert.doesNotMatch(details, /adopt:|with adopt\b/);
  return details;
}

/** Messages name a fix that programs of this front door have. */
describe("messages of the plugin name an import", () => {
  const plugin = usePlugin();

  it("for a user that exists", async () => {
    plugin.emulator.cluster.createUser(address);
    const create = () =>
      messageOf(plugin.run.create(urnOf("User"), { emailAddress: address, ...flags }));
    const command = `if it is yours, adopt it with pulumi import ostor:index:User <name> ${address}`;
    assert((await create()).includes(`${command}; `));
    plugin.emulator.cluster.setUserState(address, "disabled");
    assert((await create()).includes(`${command}, and state: "disabled" in the program; `));
  });

  it("for a change of address to a user that exists", async () => {
    const { userId } = plugin.emulator.cluster.createUser("a@acme.example");
    plugin.emulator.cluster.createUser(address);
    const olds = { emailAddress: "a@acme.example", ...flags, userId, flags: [] };
    const diff = plugin.run.diff(
      urnOf("User"),
      "a@acme.example",
      { emailAddress: address, ...flags },
      olds,
    );
    const fix = `declare it as a new resource with pulumi import ostor:index:User <name> ${address}`;
    assert((await messageOf(diff)).includes(fix));
  });

  it("for the keys of a user that is not deleted", async () => {
    const { userId } = plugin.emulator.cluster.createUser(address);
    plugin.emulator.cluster.createBucket("inventory", address);
    const state = { emailAddress: address, ...flags, userId, flags: [] };
    assert.match(
      await messageOf(plugin.run.delete(urnOf("User"), address, state)),
      /pulumi import ostor:index:AccessKey <name> <id> brings them back into the stack/,
    );
  });

  it("for rotating keys of a user that has a key", async () => {
    const { userId } = plugin.emulator.cluster.createUser(address);
    const create = plugin.run.create(urnOf("RotatingAccessKey"), { user: address, generation: 0 });
    const fix = `pulumi import ostor:index:RotatingAccessKey <name> ${userId} makes it the current one`;
    assert((await messageOf(create)).includes(fix));
  });

  it("for an own key that cannot be told from another key", async () => {
    const { userId } = plugin.emulator.cluster.createUser(address);
    plugin.emulator.cluster.generateKey(address);
    const olds = { emailAddress: address, ...flags, createAccessKey: true, userId, flags: [] };
    await plugin.run.update(urnOf("User"), address, olds, { emailAddress: address, ...flags });
    assert.match(
      plugin.logged.map(({ line }) => line).join("\n"),
      /pulumi import ostor:index:AccessKey <name> <id> adopts one as an AccessKey/,
    );
  });

  it("or say that a state which cannot be read is adopted again", async () => {
    const read = plugin.run.read(urnOf("AccessKey"), "AK1", { emailAddress: 1 }, { user: address });
    assert.match(await messageOf(read), /pulumi state delete, then adopt the object; .*state-unr/);
  });
});

describe("the message of a plugin that ends names an import", () => {
  const plugin = useOwnPlugin();

  it("for a user that an interrupted run could not delete again", async () => {
    plugin.emulator.failNext({ operation: "createUser", kind: "late", delayMs: 2000 });
    plugin.emulator.failNext({ operation: "deleteUser", kind: "status", status: 400 });
    const create = plugin.run.create(urnOf("User"), { emailAddress: address, ...flags });
    create.catch(() => undefined);
    while (!plugin.emulator.cluster.user(address)) await wait(10);
    plugin.process.kill("SIGTERM");
    const fix = `adopt it with pulumi import ostor:index:User <name> ${address} [run-stopped]`;
    assert((await messageOf(create)).endsWith(fix));
  });
});
