import { setTimeout as sleep } from "node:timers/promises";

/** How long reads may be stale, in milliseconds. The vendor's guides name no bound. */
export interface Visibility {
  /** How long a write of this run is looked for. Default 10,000. */
  patienceMs: number;
  /** The first pause between reads; each is twice the one before. Default 100. */
  pauseMs: number;
  /** How long after its start a run may still read the state from before an earlier run. Default 5,000. */
  settleMs: number;
}

/** The time that passes between reads, in milliseconds since any moment. Tests give another one. */
export interface Clock {
  now: () => number;
  sleep: (ms: number) => Promise<unknown>;
}

/** What a run does about stale reads. */
export interface LateReads {
  /** The first pause between two attempts, in milliseconds. */
  readonly pauseMs: number;
  /** Whether reads show what an earlier run wrote. */
  isSettled(): boolean;
  /**
   * Waits until reads show what an earlier run wrote. A run waits only shortly after its start.
   *
   * @returns whether it waited: repeat what was read before
   */
  settle(): Promise<boolean>;
  /**
   * Reads until something is found: after a write the service may return the old state for a while.
   *
   * @returns undefined when `patienceMs` is over
   */
  untilFound<T>(read: () => Promise<T | undefined>): Promise<T | undefined>;
}

const defaults: Visibility = { patienceMs: 10_000, pauseMs: 100, settleMs: 5000 };
const real: Clock = { now: () => performance.now(), sleep };

/** Starts the clock of a run. */
export function createLateReads(
  visibility: Visibility = defaults,
  { now, sleep }: Clock = real,
): LateReads {
  const { patienceMs, pauseMs, settleMs } = visibility;
  const settledAt = now() + settleMs;
  const isSettled = () => now() >= settledAt;
  return {
    pauseMs,
    isSettled,
    async settle() {
      if (isSettled()) return false;
      // A timer may fire a fraction of a millisecond early.
      while (!isSettled()) await sleep(Math.max(1, settledAt - now()));
      return true;
    },
    async untilFound(read) {
      for (
        let waitedMs = 0, pause = pauseMs;
        waitedMs < patienceMs;
        waitedMs += pause, pause *= 2
      ) {
        const found = await read();
        if (found !== undefined) return found;
        await sleep(pause);
      }
      return read();
    },
  };
}
