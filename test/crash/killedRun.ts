import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Emulator } from "../../emulator";
import type { Run, Stack } from "../engine/harness";
import { hostsOf, processesOf, signal } from "./processes";
import type { Way } from "./ways";

/** When to kill: with a request of the run under way or just answered. */
export interface Moment {
  /** Which request, counted from the run's first; of one operation, when that is given. */
  request: number;
  operation?: string;
  /** Milliseconds after it was first seen. */
  afterMs: number;
}

/** A run that was killed, or had ended before its moment came. */
export interface Killed extends Run {
  wasKilled: boolean;
  /** Our processes that were still there long after the engine's end. */
  left: string[];
}

/** Runs the CLI, kills it at a moment and waits until all that ran for it has ended. */
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

/** Waits for our processes to end by themselves; what else the engine left behind is ended. */
async function endOf(directory: string): Promise<string[]> {
  for (let looks = 0; looks < 300 && hostsOf(directory).length > 0; looks += 1) await sleep(50);
  const left = hostsOf(directory).map(({ command }) => command);
  // The engine's language host outlives a killed engine, with any provider or none.
  for (const { pid } of processesOf(directory)) signal(pid, "SIGKILL");
  return left;
}
