import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { PlainError } from "../pulumi";

/** A file to write. */
export interface NewFile {
  name: string;
  text: string;
  /** Whether only its owner may read it. */
  isSecret: boolean;
}

/**
 * Tells whether files can be written, before anything is read for them.
 *
 * @throws PlainError when one of them is there and isn't to be overwritten, or none can be made there
 */
export function requireFree(folder: string, names: readonly string[], force: boolean): void {
  requireWritable(folder);
  const taken = names.find((name) => isThere(join(folder, name)));
  if (taken === undefined || force) return;
  throw new PlainError(
    `write ${join(folder, taken)}: it is there already; name another folder with --out, or overwrite it with --force`,
  );
}

/** The folder needn't be there: then the nearest one above it counts. */
function requireWritable(folder: string): void {
  try {
    let nearest = folder;
    while (!isThere(nearest)) nearest = dirname(nearest);
    if (!statSync(nearest).isDirectory()) throw new Error(`${nearest} isn't a folder`);
    accessSync(nearest, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** A link counts, wherever it leads. What can't be looked at is told when it is written. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Writes all files or none, each in its place at once: a program that is cut off would lack users, and one that reads
 * another export's data would declare others.
 *
 * @returns their paths
 * @throws PlainError
 */
export function writeFiles(folder: string, files: readonly NewFile[]): string[] {
  const placed = files.map((file) => {
    const path = join(folder, file.name);
    return { ...file, path, part: `${path}.${process.pid}.part` };
  });
  try {
    for (const each of placed) attempt(each, writePart);
    for (const each of placed) attempt(each, place);
  } finally {
    placed.forEach(removePart);
  }
  return placed.map(({ path }) => path);
}

interface Placed extends NewFile {
  path: string;
  /** Where it is until all are written. */
  part: string;
}

function writePart({ path, part, text, isSecret }: Placed): void {
  mkdirSync(dirname(path), { recursive: true });
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error("it is a folder");
  writeFileSync(part, text, { flag: "wx", mode: isSecret ? 0o600 : 0o666 });
}

function place({ path, part }: Placed): void {
  renameSync(part, path);
}

/** Where there can be none, what failed before is told. */
function removePart({ part }: Placed): void {
  try {
    rmSync(part, { force: true });
  } catch {
    // Below a file, say.
  }
}

function attempt(file: Placed, work: (file: Placed) => void): void {
  try {
    work(file);
  } catch (error) {
    throw unwritable(file.path, error);
  }
}

function unwritable(path: string, error: unknown): PlainError {
  const why = error instanceof Error ? error.message : "failed";
  return new PlainError(`write ${path}: ${why}; name another folder with --out`);
}
