import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import {
  configureRequest,
  failure,
  resourceCalls,
  settingsOf,
  startPlugin,
  urnOf,
  useOwnPlugin,
  type Plugin,
} from "./plugin";

const address = "ops@acme.example";
const given = { emailAddress: address };

/** Starts to create a user, and waits until the cluster has it; the answer is sent later. */
async function beginCreation(plugin: Plugin) {
  plugin.emulator.failNext({ operation: "createUser", kind: "late", delayMs: 2000 });
  const answer = resourceCalls(plugin).create(urnOf("User"), given);
  answer.catch(() => undefined);
  while (!plugin.emulator.cluster.user(address)) await wait(10);
  return { answer };
}

describe("the end of a plugin", () => {
  const plugin = useOwnPlugin();

  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    it(`is immediate if it is idle, by ${signal}`, async () => {
      const exited = once(plugin.process, "exit");
      const start = Date.now();
      plugin.process.kill(signal);
      assert.deepEqual(await exited, [code, null]);
      assert(Date.now() - start < 10_000);
    });
  }

  it("waits for a creation, which is undone: nobody records it", async () => {
    const exited = once(plugin.process, "exit");
    const { answer } = await beginCreation(plugin);
    plugin.process.kill("SIGTERM");
    assert.match((await failure(answer)).details, /it was deleted again \[run-stopped\]$/);
    assert.deepEqual(await exited, [143, null]);
    assert.equal(plugin.emulator.cluster.user(address), undefined);
  });

  it("is not the Cancel that an interrupted engine sends: a creation is finished and recorded", async () => {
    const { answer } = await beginCreation(plugin);
    await plugin.call("cancel", new Empty());
    const { id, state } = await answer;
    const user = plugin.emulator.cluster.user(address);
    assert.deepEqual([id, state["userId"], user?.accessKeys], [address, user?.userId, []]);
  });
});

describe("a plugin whose engine is killed", () => {
  let plugin: Plugin;
  beforeEach(async () => {
    plugin = await startPlugin({}, { isPiped: true });
    await plugin.call("configure", configureRequest(settingsOf(plugin.emulator)));
  });
  afterEach(() => plugin.stop());

  it("exits", async () => {
    const exited = once(plugin.process, "exit");
    plugin.process.stdin?.end();
    assert.deepEqual(await exited, [1, null]);
  });

  it("deletes the user that it was creating, and exits", async () => {
    const exited = once(plugin.process, "exit");
    await beginCreation(plugin);
    plugin.process.stdin?.end();
    plugin.client.close();
    assert.deepEqual(await exited, [1, null]);
    assert.equal(plugin.emulator.cluster.user(address), undefined);
  });
});
