import { fstatSync } from "node:fs";

/** Tells whether somebody is left who records what a call makes. */
export interface EngineWatch {
  /** True once the engine is gone or has told this process to end. */
  isLost(): boolean;
  /** Runs one of the engine's calls; when the engine is lost, the process ends with the last of them. */
  during<T>(call: () => Promise<T>): Promise<T>;
}

/** The process as far as the watch uses it; tests bring their own. */
export interface WatchedProcess {
  /** Calls back when the pipe that the engine holds has ended; never, where standard input is no pipe. */
  onInputEnd(callback: () => void): void;
  /** Calls back when nobody reads any more what the process prints. */
  onOutputEnd(callback: () => void): void;
  onSignal(callback: (code: number) => void): void;
  exit(code: number): void;
}

/** A moment for the last answer to leave, should the engine be there to take it. */
const farewellMs = 100;

/**
 * Watches the engine of a dynamic host. The engine holds the host's standard input: its end is the engine's. And
 * it signals the host only to end it, at the end of every run, so an idle host must go at once: the engine
 * would wait for it. A running call is left to end, for what it made may have to be taken back.
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
        leaveWhenIdle(farewellMs);
      }
    },
  };
}

/** The watch of a process that is no dynamic host: nothing is ever lost. */
export const unwatched: EngineWatch = { isLost: () => false, during: (call) => call() };

const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

function thisProcess(): WatchedProcess {
  return {
    onInputEnd(callback) {
      // A wrapper that gives /dev/null would look like an engine that is gone.
      if (!isPipe(0)) return;
      process.stdin.once("end", callback).once("error", callback).resume();
      process.stdin.unref();
    },
    // The host prints each error that nobody handles: about a print that failed, that would never end.
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
