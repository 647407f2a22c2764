/**
 * Writes the stacks of a release that `upgradeStates.test.ts` restores. Run it by hand, once per release, with the code
 * of that release: `npm run build && npx mocha --timeout 300000 test/engine/freezeStacks.ts`
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { version } from "../../package.json";
import type { Fault } from "../../emulator";
import { processesOf, signal } from "../crash/processes";
import { requireSuccess, useCluster, type Stack } from "./harness";
import { outside, settledKeys, settledProgram, settledValues } from "./settledStack";
import {
  emulated,
  expectedUsers,
  fixtures,
  portable,
  renew,
  replay,
  stateFile,
  usersOf,
} from "./storedStack";
import { heldKeys, outsideUnfinished, unfinishedProgram } from "./unfinishedStack";

async function store(stack: Stack, kind: string, endpoint: string): Promise<void> {
  const { output } = requireSuccess(await stack.pulumi(["stack", "export"]));
  writeFileSync(join(fixtures, `states-${version}-${kind}.json`), portable(output, endpoint));
}

describe("a settled stack", () => {
  const used = useCluster(emulated);

  it("is stored", async () => {
    const { cluster, endpoint } = used.emulator;
    replay(cluster, outside);
    const refused = { operation: "revokeKey", emailAddress: "kept@acme.example" };
    used.emulator.failNext({ ...refused, kind: "status", status: 409, times: 2 });
    for (const step of [1, 2]) {
      used.stack.program(settledProgram(used.emulator, { ...settledValues, step }));
      requireSuccess(await used.stack.up());
    }
    assert.deepEqual(usersOf(cluster), expectedUsers(settledKeys));
    await store(used.stack, "settled", endpoint);
  });
});

describe("an unfinished stack", () => {
  const used = useCluster(emulated);
  const fail = (operation: string, name: string, fault: Omit<Fault, "operation">) => {
    const emailAddress = name.includes("@") ? name : `${name}@acme.example`;
    used.emulator.failNext({ operation, emailAddress, ...fault });
  };

  it("is stored", async () => {
    replay(used.emulator.cluster, outsideUnfinished);
    for (const stage of [1, 2] as const) {
      used.stack.program(unfinishedProgram(stage));
      requireSuccess(await used.stack.up());
    }
    assert.deepEqual(usersOf(used.emulator.cluster), expectedUsers(heldKeys));
    // From here on, only the response to the creation of a key contains its secret.
    await renew(used, heldKeys, { secretsReadable: false });
    fail("generateKey", "rotation", { kind: "status", status: 403 });
    fail("disableUser", "disabling", { kind: "status", status: 403 });
    fail("revokeKey", "releasing", { kind: "status", times: 20 });
    for (const name of ["replaced", ...Object.keys(outsideUnfinished)]) {
      fail("revokeKey", name, { kind: "status", status: 403, times: 2 });
    }
    fail("createUser", "secretless-own", { kind: "resetAfter" });
    for (const name of ["secretless", "secretless-first", "secretless-rotation"]) {
      fail("generateKey", name, { kind: "resetAfter" });
    }
    used.stack.program(unfinishedProgram(3));
    assert.notEqual((await used.stack.up("--continue-on-error")).code, 0);
    used.emulator.failNext({ kind: "lateBefore", delayMs: 600_000, times: 1000 });
    used.stack.program(unfinishedProgram(4));
    await killOnce(used.stack, 4, [
      "User::created",
      "User::absent",
      "AccessKey::holder-key",
      "RotatingAccessKey::holder-rotation",
    ]);
    await store(used.stack, "unfinished", used.emulator.endpoint);
  });
});

/** Kills an `up` of some resources once the engine has recorded the start of their creation. */
async function killOnce(stack: Stack, creations: number, names: string[]): Promise<void> {
  const urns = names.map((name) => `urn:pulumi:dev::engine::pulumi-nodejs:dynamic/ostor:${name}`);
  const targets = urns.flatMap((urn) => ["--target", urn]);
  const engine = stack.start("up", "--yes", "--skip-preview", ...targets);
  const ended = once(engine, "exit");
  let output = "";
  engine.stdout?.on("data", (text: Buffer) => (output += text.toString()));
  const recorded = () =>
    readFileSync(stateFile(stack), "utf8").match(/"type": ?"creating"/g)?.length;
  while (recorded() !== creations) {
    assert.equal(engine.exitCode, null, output);
    await sleep(20);
  }
  engine.kill("SIGKILL");
  for (const { pid } of processesOf(stack.directory)) signal(pid, "SIGKILL");
  await ended;
}
