// @ts-check
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Hashes the names and contents of files, and of all files in folders.
 * @param {string} root
 * @param {readonly string[]} paths Relative to the root; a missing one counts as empty.
 */
export async function contentHash(root, paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of await filesUnder(join(root, path))) {
      hash.update(`${file.slice(root.length)}\n`).update(await readFile(file));
    }
  }
  return hash.digest("hex");
}

/**
 * @param {string} path A folder or a file, which may be missing.
 * @returns {Promise<string[]>} Sorted.
 */
export async function filesUnder(path) {
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map((entry) => join(entry.parentPath, entry.name)).sort();
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === "ENOTDIR") return [path];
    if (code === "ENOENT") return [];
    throw error;
  }
}
