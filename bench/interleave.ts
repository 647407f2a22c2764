import type { Contender, Peaks } from "./contenders";

/** Values of each round, requests and state of the last round, and the peak memory of all rounds. */
export interface Measurement {
  ms: number[];
  /** Seconds of processor time. */
  cpu: number[];
  stateBytes: number;
  requests: Record<string, number>;
  peaks: Peaks;
}

/** The runs of each contender. */
export interface Runs {
  /** The name of the command in the progress lines. */
  name: string;
  /** The arguments of `pulumi`. */
  args: string[];
  rounds: number;
  /** Prepares a contender for a round; not measured. */
  before?: (contender: Contender) => Promise<void>;
}

/**
 * Runs the same command with each contender in turns, so that other load on the machine affects all of them. Prints
 * the duration of each run, because all runs may take hours.
 */
export async function interleave(
  contenders: readonly Contender[],
  { name: command, args, rounds, before }: Runs,
): Promise<Map<string, Measurement>> {
  const measured = new Map<string, Measurement>();
  for (const { name } of contenders) {
    const peaks = { host: 0, program: 0 };
    measured.set(name, { ms: [], cpu: [], stateBytes: 0, requests: {}, peaks });
  }
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? contenders : [...contenders].reverse();
    for (const contender of order) {
      await before?.(contender);
      contender.requests();
      contender.peaks();
      contender.cpu();
      const start = performance.now();
      await contender.pulumi(args);
      const ms = performance.now() - start;
      const label = `${command}, round ${round + 1} of ${rounds}, ${contender.name}`;
      console.error(`${label}: ${(ms / 1000).toFixed(2)} s`);
      const entry = measured.get(contender.name);
      if (!entry) continue;
      entry.ms.push(ms);
      entry.cpu.push(contender.cpu());
      entry.stateBytes = contender.stateBytes();
      entry.requests = contender.requests();
      const { host, program } = contender.peaks();
      entry.peaks.host = Math.max(entry.peaks.host, host);
      entry.peaks.program = Math.max(entry.peaks.program, program);
    }
  }
  return measured;
}

/** The value in the middle, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[middle]];
  return (low + high) / 2;
}

/** The range of the values relative to their median: 0.1 is 10 %. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}
