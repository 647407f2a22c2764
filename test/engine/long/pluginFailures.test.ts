import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { killedRun } from "../../crash/killedRun";
import { ways } from "../../crash/ways";
import { requireSuccess, useCluster } from "../harness";
import { usePlugin } from "../pluginStack";

const address = "ops@acme.example";

describe("failures in the middle of an operation, on the plugin", () => {
  const used = useCluster();
  usePlugin(used);
  const user = () => used.emulator.cluster.user(address);
  const declare = (args: string, more = "") => {
    used.stack.program(`ostor.usePlugin();
      const user = new ostor.User("acme", { emailAddress: "${address}", ${args} });${more}`);
  };

  it("keep what was created in state, with its secret encrypted, and the next up completes it", async () => {
    await used.stack.config({ "ostor:maxRetries": "1" });
    used.emulator.failNext({ operation: "revokeKey", kind: "status", status: 503, times: 4 });
    declare(`state: "disabled"`);
    const failed = await used.stack.up();
    assert.notEqual(failed.code, 0);
    assert.match(
      failed.output,
      /revoke key \w+ of user ops@acme\.example: the service answered 503/,
    );
    const [key] = user()?.accessKeys ?? [];
    const stored = await used.stack.resource("acme");
    assert.equal(stored?.initErrors?.length, 1);
    assert.equal(stored.outputs?.["accessKeyId"], key?.accessKeyId);
    assert.ok(key && !JSON.stringify(await used.stack.resources()).includes(key.secretAccessKey));
    assert.ok(JSON.stringify(stored).includes(key.secretAccessKey), "in state, encrypted");
    requireSuccess(await used.stack.up());
    assert.deepEqual([user()?.state, user()?.accessKeys], ["disabled", []]);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
    requireSuccess(await used.stack.destroy());
  });

  it("delete what a killed engine did not record, and the next up needs no import", async function () {
    const way = ways.find(({ name }) => name === "engine SIGKILL");
    if (!way || !existsSync("/proc/self/environ")) return this.skip();
    const killedDuring = async (operation: string) => {
      used.emulator.failNext({ operation, kind: "lateBefore", delayMs: 1500 });
      const moment = { request: 1, operation: "getUser", afterMs: 300 };
      const { wasKilled, left } = await killedRun(used.stack, used.emulator, "up", way, moment);
      assert.deepEqual([wasKilled, left], [true, []]);
      assert.ok(used.emulator.requests.some((request) => request.operation === operation));
    };
    const complete = async () => {
      requireSuccess(await used.stack.pulumi(["cancel", "--yes"]));
      requireSuccess(await used.stack.up());
    };
    declare("");
    await killedDuring("createUser");
    assert.equal(user(), undefined, "its user still exists");
    await complete();
    declare("", `new ostor.AccessKey("key", { user });`);
    await killedDuring("generateKey");
    assert.deepEqual(user()?.accessKeys, [], "its key still exists");
    await complete();
    assert.equal(user()?.accessKeys.length, 1);
    requireSuccess(await used.stack.destroy());
  });
});
