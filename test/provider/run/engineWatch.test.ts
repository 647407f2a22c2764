import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { watchEngine, type EngineWatch } from "../../../provider/run/engineWatch";

/** A process that records how it would end. */
function startWatch() {
  const exits: number[] = [];
  let endInput = (): void => assert.fail("no listener for the end of input");
  let endOutput = (): void => assert.fail("no listener for the end of output");
  let signal: (code: number) => void = () => assert.fail("no listener for signals");
  const watch: EngineWatch = watchEngine({
    onInputEnd: (callback) => void (endInput = callback),
    onOutputEnd: (callback) => void (endOutput = callback),
    onSignal: (callback) => void (signal = callback),
    exit: (code) => void exits.push(code),
  });
  return { watch, exits, endInput, endOutput, signal };
}

describe("the engine watchdog", () => {
  it("does nothing while the engine runs", async () => {
    const { watch, exits } = startWatch();
    assert.equal(await watch.during(() => Promise.resolve(7)), 7);
    assert.equal(watch.isLost(), false);
    assert.deepEqual(exits, []);
  });

  it("ends an idle process at once, because the engine waits for it", () => {
    const { watch, exits, signal } = startWatch();
    signal(130);
    assert.equal(watch.isLost(), true);
    assert.deepEqual(exits, [130]);
  });

  it("ends an idle process when the engine's pipe ends", () => {
    const { exits, endInput } = startWatch();
    endInput();
    assert.deepEqual(exits, [1]);
  });

  it("ends an idle process when its output is no longer read", () => {
    const { exits, endOutput } = startWatch();
    endOutput();
    assert.deepEqual(exits, [1]);
  });

  it("lets running calls finish before it ends the process", async () => {
    const { watch, exits, signal } = startWatch();
    const ends: (() => void)[] = [];
    const calls = [1, 2].map(() => watch.during(() => new Promise<void>((end) => ends.push(end))));
    signal(143);
    ends[0]?.();
    await calls[0];
    await sleep(150);
    assert.deepEqual(exits, []);
    ends[1]?.();
    await calls[1];
    assert.deepEqual(exits, [], "the response is sent first");
    await sleep(150);
    assert.deepEqual(exits, [143]);
  });

  it("reports the first reason, also after a failed call", async () => {
    const { watch, exits, signal, endInput } = startWatch();
    const call = watch.during(async () => {
      await sleep(1);
      throw new Error("failed");
    });
    signal(130);
    endInput();
    await assert.rejects(call, /failed/);
    await sleep(150);
    assert.deepEqual(exits, [130]);
  });
});

describe("a host whose engine was killed", () => {
  it("ends although it has output that is not read", async function () {
    this.timeout(20_000);
    // Like the dynamic host, it prints unhandled errors, including a failed print.
    const host = `
      process.on("uncaughtException", (error) => console.error(error.stack));
      const { watchEngine } = require(${JSON.stringify(join(__dirname, "../../../provider/run/engineWatch"))});
      void watchEngine().during(async () => {
        console.log("started");
        await new Promise((resolve) => process.stdin.once("end", resolve).resume());
        console.error("read user ops@acme.example: connection refused");
        await new Promise((resolve) => setTimeout(resolve, 200));
      });`;
    const child = spawn(process.execPath, ["--require", "tsx/cjs", "--eval", host]);
    const ended = once(child, "exit");
    await once(child.stdout, "data");
    child.stdout.destroy();
    child.stderr.destroy();
    child.stdin.end();
    const killing = setTimeout(() => child.kill("SIGKILL"), 10_000);
    const [code] = (await ended) as [number | null];
    clearTimeout(killing);
    assert.equal(code, 1);
  });
});
