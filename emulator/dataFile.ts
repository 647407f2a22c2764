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

/** A file that stores the contents of an emulator across restarts. */
export interface DataFile {
  /** The stored contents; undefined if the file does not exist yet. */
  read(): unknown;
  /** Replaces the file in one step, so that a crash leaves the old or the new file. */
  write(content: unknown): void;
  /** Locks the file again after a `release`. @throws Error if another process uses it */
  lock(): void;
  /** Unlocks the file. */
  release(): void;
}

/**
 * Locks a file for this process. It contains secrets, so only its owner can read it.
 *
 * @throws Error if another process uses it
 */
export function openDataFile(file: string): DataFile {
  const lockFile = `${file}.lock`;
  let isLocked = false;
  const lock = () => {
    if (!isLocked) takeLock(file, lockFile);
    isLocked = true;
  };
  lock();
  return {
    lock,
    read() {
      if (!existsSync(file)) return undefined;
      try {
        return JSON.parse(readFileSync(file, "utf8")) as unknown;
      } catch {
        throw notADataFile(file);
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
      if (isLocked) rmSync(lockFile, { force: true });
      isLocked = false;
    },
  };
}

/** The error for a file that no emulator wrote. Such a file is never overwritten. */
export function notADataFile(file: string): Error {
  return new Error(`${file} is not a data file of the emulator; name another file or remove it`);
}

function takeLock(file: string, lockFile: string): void {
  try {
    writeFileSync(lockFile, `${process.pid}`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const owner = Number(readFileSync(lockFile, "utf8"));
    if (isAlive(owner)) throw new Error(`${file} is in use by process ${owner}`, { cause: error });
    rmSync(lockFile, { force: true });
    takeLock(file, lockFile);
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
