import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "./harness";
import { usePlugin, writes } from "./pluginStack";

const address = "ops@acme.example";

describe("a program that selects the plugin, on the engine", () => {
  const used = useCluster();
  usePlugin(used);
  const program = (first: string) => `${first}
    const user = new ostor.User("acme", { emailAddress: "${address}" });
    const key = new ostor.AccessKey("acme-key", { user });
    exports.secret = key.secretAccessKey;
    exports.userId = ostor.getUserOutput({ emailAddress: user.emailAddress }).userId;`;
  const types = async () =>
    (await used.stack.resources())
      .map(({ type }) => type)
      .filter((type) => /ostor|nodejs/.test(type));

  it("moves a stack of the dynamic provider without a change", async () => {
    used.stack.program(program(""));
    requireSuccess(await used.stack.up());
    const before = await used.stack.outputs();
    used.emulator.clearRequests();
    used.stack.program(program("ostor.usePlugin();"));
    requireSuccess(await used.stack.preview("--expect-no-changes"));
    requireSuccess(await used.stack.up("--expect-no-changes"));
    assert.deepEqual(writes(used.emulator), []);
    assert.deepEqual(await used.stack.outputs(), before);
    assert.deepEqual((await types()).sort(), [
      "ostor:index:AccessKey",
      "ostor:index:User",
      "pulumi:providers:ostor",
    ]);
  });

  it("reports drift property by property, and destroys all from its state", async () => {
    used.emulator.cluster.setUserState(address, "disabled");
    const drift = await used.stack.preview("--refresh", "--diff", "--expect-no-changes");
    assert.equal(drift.code, 7, drift.output);
    assert.match(drift.output, /~ state\s*: "disabled" => "enabled"/);
    requireSuccess(await used.stack.destroy());
    assert.deepEqual(used.emulator.cluster.users(), []);
  });
});
