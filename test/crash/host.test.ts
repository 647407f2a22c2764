import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { requireSuccess, useCluster } from "../engine/harness";
import { hostsOf, signal } from "./processes";

describe("a host whose engine is killed", () => {
  const used = useCluster();
  before(function () {
    if (!existsSync("/proc/self/environ")) this.skip();
  });

  it("also ends when the service stops, and nobody reads its failures", async () => {
    const { stack, emulator } = used;
    await stack.config({ "ostor:maxRetries": "1" });
    stack.program(`for (let i = 0; i < 6; i += 1) {
  new ostor.User("t" + i, { emailAddress: "tenant-" + i + "@acme.example" });
}`);
    requireSuccess(await stack.up());
    emulator.failNext({ operation: "getUser", kind: "lateBefore", delayMs: 1500, times: 6 });
    emulator.clearRequests();
    const engine = stack.start("refresh", "--yes", "--skip-preview");
    while (emulator.requests.length < 3) await sleep(20);
    engine.stdout?.destroy();
    engine.stderr?.destroy();
    engine.kill("SIGKILL");
    await emulator.stop();
    for (let waited = 0; waited < 100 && hostsOf(stack.directory).length > 0; waited += 1) {
      await sleep(100);
    }
    const left = hostsOf(stack.directory);
    for (const { pid } of left) signal(pid, "SIGKILL");
    assert.deepEqual(left, []);
  });
});
