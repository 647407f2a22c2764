import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { randomInt } from "node:crypto";
import { createEmulator, type Emulator } from "../../emulator";
import { createStack, requireSuccess, settingsOf, type Stack } from "../engine/harness";
import { startBystander, type Bystander } from "./bystander";
import { chance } from "./chance";
import { converge } from "./converge";
import { killedRun, type Moment } from "./killedRun";
import { removeOrphans } from "./orphans";
import { assertExact, declare, type Declared } from "./tenants";
import { ways } from "./ways";

const kills = Number(process.env["CRASH_KILLS"] ?? (process.env["PULUMI_OSTOR_TEST_ALL"] ? 70 : 1));
const seed = Number(process.env["CRASH_SEED"] ?? (kills > 5 ? randomInt(1_000_000) : 7));
const count = 20;

/** The kinds of runs, the minimum number of requests of each, and the operation that completes a replacement. */
const actions = [
  { name: "up from nothing", command: "up", requests: 100 },
  { name: "rotation of all keys", command: "up", requests: 80, half: "revokeKey" },
  { name: "destroy", command: "destroy", requests: 40 },
] as const;

describe(`a run that is killed (CRASH_SEED=${seed} CRASH_KILLS=${kills})`, function () {
  let emulator: Emulator;
  let stack: Stack;
  let bystander: Bystander;
  const declared: Declared = { count, round: 0, adoptUsers: {} };

  before(async function () {
    // The processes of a stack are found in /proc.
    if (!existsSync("/proc/self/environ")) this.skip();
    this.timeout(120_000);
    emulator = createEmulator({ seed, delayMs: 30 });
    await emulator.start();
    stack = await createStack();
    await stack.config(settingsOf(emulator));
    bystander = startBystander(emulator, seed);
  });
  after(async () => {
    bystander.stop();
    stack.remove();
    await emulator.stop();
  });

  const momentOf = (number: number): Moment => {
    const action = actions[number % actions.length] ?? actions[0];
    const pick = (name: string, bound: number) => chance(seed, `${number}${name}`, bound);
    const afterMs = pick("after", 60);
    const isHalf = "half" in action && pick("half", 2) === 0;
    if (isHalf) return { request: 1 + pick("request", count / 2), operation: action.half, afterMs };
    return { request: 1 + pick("request", action.requests), afterMs };
  };

  for (let number = 0; number < kills; number += 1) {
    const way = ways[number % ways.length];
    const action = actions[number % actions.length];
    if (!way || !action) continue;
    const moment = momentOf(number);
    const at = `${moment.operation ?? "request"} ${moment.request} + ${moment.afterMs} ms`;
    it(`${number + 1}: ${action.name}, ${way.name} at ${at}`, async function () {
      this.timeout(300_000);
      if (action.name === "up from nothing") Object.assign(declared, { adoptUsers: {} });
      else if (action.command === "up") declared.round += 1;
      declare(stack, declared);
      const killed = await killedRun(stack, emulator, action.command, way, moment);
      await converge(stack, declared, action.command);
      bystander.check();
      assert.deepEqual(killed.left, [], "processes of this package are still running");
      assert.ok(killed.wasKilled, `the run ended before it was killed:\n${killed.output}`);
      const expected = action.command === "destroy" ? 0 : count;
      await removeOrphans(stack);
      await assertExact(stack, emulator, expected);
      requireSuccess(
        await stack.preview("--refresh", ...(expected > 0 ? ["--expect-no-changes"] : [])),
      );
    });
  }
});
