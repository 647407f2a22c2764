import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Emulator } from "../../emulator";
import type { Run, Stack } from "../engine/harness";
import { hostsOf, processesOf, signal } from "./processes";
import type { Way } from "./ways";

/** When to kill: while a request of the run is in progress or just answered. */
export interface Moment {
  /** The number of the request, from 1; counts only requests of `operation`, if given. */
  request: number;
  operation?: string;
  /** Milliseconds after the request arrived. */
  afterMs: number;
}

/** A run that was killed, or that ended before the moment. */
export interface Killed extends Run {
  wasKilled: boolean;
  /** Processes of this package that still run long after the engine exited. */
  left: string[];
}

/** Runs the CLI, kills it at a moment and waits until all its processes have ended. */
export async function killedRun(
  stack: Stack,
  emulator: Emulator,
  command: string,
  way: Way,
  moment: Moment,
): Promise<Killed> {
  emulator.clearRequests();
  const engine = stack.start(command, "--yes", "--skip-preview");
  let output = "";
  for (const stream of [engine.stdout, engine.stderr]) {
    stream?.on("data", (text: Buffer) => (output += text.toString()));
  }
  const ended = once(engine, "exit") as Promise<[number | null]>;
  const isOver = () => engine.exitCode !== null || engine.signalCode !== null;
  const hasCome = () =>
    emulator.requests.filter(
      ({ operation }) => moment.operation === undefined || operation === moment.operation,
    ).length >= moment.request;
  while (!isOver() && !hasCome()) await sleep(2);
  await sleep(moment.afterMs);
  const wasKilled = !isOver();
  if (wasKilled) await way.kill(engine.pid ?? 0, stack.directory);
  const [code] = await ended;
  return { code: code ?? 255, output, wasKilled, left: await endOf(stack.directory) };
}

/** Waits for the processes of this package to end, and kills what else the engine left running. */
async function endOf(directory: string): Promise<string[]> {
  for (let checks = 0; checks < 300 && hostsOf(directory).length > 0; checks += 1) await sleep(50);
  const left = hostsOf(directory).map(({ command }) => command);
  // The engine's language host keeps running after its engine is killed, with any provider.
  for (const { pid } of processesOf(directory)) signal(pid, "SIGKILL");
  return left;
}
