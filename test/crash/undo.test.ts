import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { requireSuccess, useCluster } from "../engine/harness";
import { killedRun } from "./killedRun";
import { ways } from "./ways";

const address = "ops@acme.example";
// The other ways take half a minute each.
const testedWays = process.env["PULUMI_OSTOR_TEST_ALL"]
  ? ["engine SIGKILL", "SIGHUP", "SIGINT twice", "SIGTERM twice"]
  : ["engine SIGKILL"];

describe("a call whose engine exits before the response", () => {
  const used = useCluster();
  const emulator = () => used.emulator;
  const stack = () => used.stack;
  before(function () {
    if (!existsSync("/proc/self/environ")) this.skip();
  });
  const keys = () => emulator().cluster.user(address)?.accessKeys.length;
  const delay = (operation: string) => {
    emulator().failNext({ operation, kind: "lateBefore", delayMs: 1500 });
  };

  for (const way of ways.filter(({ name }) => testedWays.includes(name))) {
    it(`leaves no user and no key behind (${way.name}), and the next up needs no adopt line`, async () => {
      stack().program(`new ostor.User("acme", { emailAddress: "${address}" });`);
      delay("createUser");
      const moment = { request: 1, operation: "getUser", afterMs: 300 };
      const first = await killedRun(stack(), emulator(), "up", way, moment);
      assert.deepEqual([first.wasKilled, first.left], [true, []]);
      assert.ok(emulator().requests.some(({ operation }) => operation === "createUser"));
      assert.equal(keys(), undefined, "its user still exists");
      requireSuccess(await stack().pulumi(["cancel", "--yes"]));
      requireSuccess(await stack().up());

      stack().program(`const user = new ostor.User("acme", { emailAddress: "${address}" });
new ostor.AccessKey("key", { user });`);
      delay("generateKey");
      const second = await killedRun(stack(), emulator(), "up", way, moment);
      assert.deepEqual([second.wasKilled, second.left], [true, []]);
      assert.ok(emulator().requests.some(({ operation }) => operation === "generateKey"));
      assert.equal(keys(), 0, "its key still exists");
      requireSuccess(await stack().pulumi(["cancel", "--yes"]));
      requireSuccess(await stack().up());
      assert.equal(keys(), 1);
      requireSuccess(await stack().destroy());
    });
  }
});
