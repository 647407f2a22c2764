import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";

/** A file that holds what an emulator holds, so that it outlives the process. */
export interface DataFile {
  /** What was stored last; undefined for a file that isn't there yet. */
  read(): unknown;
  /** Replaces the file in one step: a crash leaves the old one or the new one. */
  write(content: unknown): void;
  /** Takes the file again after a `release`. @throws Error when another living process has it */
  hold(): void;
  /** Lets another emulator have the file. */
  release(): void;
}

/**
 * Takes a file for this process. It holds secrets, so only its owner may read it.
 *
 * @throws Error when another living process has it
 */
export function takeDataFile(file: string): DataFile {
  const lock = `${file}.lock`;
  let isHeld = false;
  const hold = () => {
    if (!isHeld) takeLock(file, lock);
    isHeld = true;
  };
  hold();
  return {
    hold,
    read() {
      if (!existsSync(file)) return undefined;
      try {
        return JSON.parse(readFileSync(file, "utf8")) as unknown;
      } catch {
        throw foreignFile(file);
      }
    },
    write(content) {
      const fresh = `${file}.${process.pid}`;
      const descriptor = openSync(fresh, "w", 0o600);
      writeSync(descriptor, `${JSON.stringify(content)}\n`);
      fsyncSync(descriptor);
      closeSync(descriptor);
      renameSync(fresh, file);
    },
    release() {
      if (isHeld) rmSync(lock, { force: true });
      isHeld = false;
    },
  };
}

/** A file that isn't an emulator's is never overwritten. */
export function foreignFile(file: string): Error {
  return new Error(`${file} doesn't hold what an emulator stored; name another file or remove it`);
}

function takeLock(file: string, lock: string): void {
  try {
    writeFileSync(lock, `${process.pid}`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const owner = Number(readFileSync(lock, "utf8"));
    if (isAlive(owner)) throw new Error(`${file} is in use by process ${owner}`, { cause: error });
    rmSync(lock, { force: true });
    takeLock(file, lock);
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
