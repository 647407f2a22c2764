import { fstatSync } from "node:fs";

/** Watches whether the engine still records what a call creates. */
export interface EngineWatch {
  /** True once the engine exited or told this process to end. */
  isLost(): boolean;
  /** Runs one of the engine's calls; when the engine exited, the process ends with the last of them. */
  during<T>(call: () => Promise<T>): Promise<T>;
}

/** The process as far as the watch uses it; tests bring their own. */
export interface WatchedProcess {
  /** Calls back when the pipe that the engine holds has ended; never, where standard input is no pipe. */
  onInputEnd(callback: () => void): void;
  /** Calls back when nothing reads what the process prints. */
  onOutputEnd(callback: () => void): void;
  onSignal(callback: (code: number) => void): void;
  exit(code: number): void;
}

/** Leaves time for the last answer to reach the engine, if it is still there. */
const lastAnswerMs = 100;

/**
 * Watches the engine of a dynamic host. The engine holds the host's standard input, which ends when the engine exits. It signals
 * the host only to end it, at the end of every run: an idle host must exit at once, because the engine waits for it. A running
 * call continues to its end: what it created may have to be deleted again.
 */
export function watchEngine(watched: WatchedProcess = thisProcess()): EngineWatch {
  let running = 0;
  let lost: { code: number } | undefined;
  const leaveWhenIdle = (afterMs: number): void => {
    if (!lost || running > 0) return;
    const { code } = lost;
    if (afterMs === 0) watched.exit(code);
    else setTimeout(leaveWhenIdle, afterMs, 0);
  };
  const lose = (code: number) => {
    lost ??= { code };
    leaveWhenIdle(0);
  };
  const loseEngine = () => {
    lose(1);
  };
  watched.onInputEnd(loseEngine);
  watched.onOutputEnd(loseEngine);
  watched.onSignal(lose);
  return {
    isLost: () => lost !== undefined,
    async during(call) {
      running += 1;
      try {
        return await call();
      } finally {
        running -= 1;
        leaveWhenIdle(lastAnswerMs);
      }
    },
  };
}

/** The watch of a process that is no dynamic host. */
export const unwatched: EngineWatch = { isLost: () => false, during: (call) => call() };

const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

function thisProcess(): WatchedProcess {
  return {
    onInputEnd(callback) {
      // A wrapper that passes /dev/null would look like an engine that exited.
      if (!isPipe(0)) return;
      process.stdin.once("end", callback).once("error", callback).resume();
      process.stdin.unref();
    },
    // The host prints each unhandled error: for a print that failed, that would never end.
    onOutputEnd(callback) {
      for (const stream of [process.stdout, process.stderr]) stream.on("error", callback);
    },
    onSignal(callback) {
      for (const [signal, code] of Object.entries(signals)) {
        process.on(signal, () => {
          callback(code);
        });
      }
    },
    exit: (code) => process.exit(code),
  };
}

function isPipe(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFIFO();
  } catch {
    return false;
  }
}
