import type { Contender, Peaks } from "./contenders";

/** What a contender took: milliseconds of each round, requests of the last, and the most memory. */
export interface Taken {
  ms: number[];
  requests: Record<string, number>;
  peaks: Peaks;
}

/** What is run by each contender. */
export interface Runs {
  /** What it is called in the lines that tell how far it is. */
  name: string;
  /** Words of the CLI. */
  words: string[];
  rounds: number;
  /** Brings a contender to where it starts, unmeasured. */
  before?: (contender: Contender) => Promise<void>;
}

/**
 * Runs the same command with each contender in turns, so that what slows the machine down slows all of them. Prints
 * how long each run took, since all together may take hours.
 */
export async function interleave(
  contenders: readonly Contender[],
  { name: command, words, rounds, before }: Runs,
): Promise<Map<string, Taken>> {
  const taken = new Map<string, Taken>();
  for (const { name } of contenders) {
    taken.set(name, { ms: [], requests: {}, peaks: { host: 0, program: 0 } });
  }
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? contenders : [...contenders].reverse();
    for (const contender of order) {
      await before?.(contender);
      contender.requests();
      contender.peaks();
      const start = performance.now();
      await contender.pulumi(words);
      const ms = performance.now() - start;
      const which = `${command}, round ${round + 1} of ${rounds}, ${contender.name}`;
      console.error(`${which}: ${(ms / 1000).toFixed(2)} s`);
      const entry = taken.get(contender.name);
      if (!entry) continue;
      entry.ms.push(ms);
      entry.requests = contender.requests();
      const { host, program } = contender.peaks();
      entry.peaks.host = Math.max(entry.peaks.host, host);
      entry.peaks.program = Math.max(entry.peaks.program, program);
    }
  }
  return taken;
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[middle]];
  return (low + high) / 2;
}

/** How far the values lie apart, as a part of the median: 0.1 is 10 %. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}
