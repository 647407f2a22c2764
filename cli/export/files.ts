import { lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
 * @throws PlainError when one of them is there and isn't to be overwritten
 */
export function requireFree(folder: string, names: readonly string[], force: boolean): void {
  const taken = names.find((name) => isThere(join(folder, name)));
  if (taken === undefined || force) return;
  throw new PlainError(
    `write ${join(folder, taken)}: it is there already; name another folder with --out, or overwrite it with --force`,
  );
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
 * Writes files whole or not at all, each in its place at once: a program that is cut off would lack users.
 *
 * @returns their paths
 * @throws PlainError
 */
export function writeFiles(folder: string, files: readonly NewFile[]): string[] {
  return files.map((file) => {
    const path = join(folder, file.name);
    try {
      mkdirSync(folder, { recursive: true });
      place(path, file);
    } catch (error) {
      throw new PlainError(`write ${path}: ${error instanceof Error ? error.message : "failed"}`);
    }
    return path;
  });
}

function place(path: string, { text, isSecret }: NewFile): void {
  const part = `${path}.${process.pid}.part`;
  try {
    writeFileSync(part, text, { flag: "wx", mode: isSecret ? 0o600 : 0o666 });
    renameSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
}
