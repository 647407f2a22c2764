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
import type { CodedError } from "../../provider/text/message";
import { fileExists, isAFolder, notAFolder, notWritten, writeFailed } from "./messages";

/** A file to write. */
export interface NewFile {
  name: string;
  text: string;
  /** Whether only its owner may read it. */
  isSecret: boolean;
}

/**
 * Checks that files can be written, before anything is read for them.
 *
 * @throws CodedError if one exists and must not be overwritten, or the folder is not writable
 */
export function requireNewFiles(folder: string, names: readonly string[], force: boolean): void {
  requireWritable(folder);
  const existing = names.find((name) => exists(join(folder, name)));
  if (existing !== undefined && !force) throw fileExists(join(folder, existing));
}

/** If the folder does not exist, the nearest one above it counts. */
function requireWritable(folder: string): void {
  try {
    let nearest = folder;
    while (!exists(nearest)) nearest = dirname(nearest);
    if (!statSync(nearest).isDirectory()) throw new Error(notAFolder(nearest));
    accessSync(nearest, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** A link counts, whatever its target is. A path that cannot be read fails when it is written. */
function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Writes all files or none, each in one step: a partial program would lack users, and a program with the data of
 * another export would declare other users.
 *
 * @returns their paths
 * @throws CodedError
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
  /** The temporary path until all files are written. */
  part: string;
}

function writePart({ path, part, text, isSecret }: Placed): void {
  mkdirSync(dirname(path), { recursive: true });
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error(isAFolder);
  writeFileSync(part, text, { flag: "wx", mode: isSecret ? 0o600 : 0o666 });
}

function place({ path, part }: Placed): void {
  renameSync(part, path);
}

/** A failure here must not replace an earlier one. */
function removePart({ part }: Placed): void {
  try {
    rmSync(part, { force: true });
  } catch {
    // The path may be below a file.
  }
}

function attempt(file: Placed, work: (file: Placed) => void): void {
  try {
    work(file);
  } catch (error) {
    throw unwritable(file.path, error);
  }
}

function unwritable(path: string, error: unknown): CodedError {
  return notWritten(path, error instanceof Error ? error.message : writeFailed);
}
