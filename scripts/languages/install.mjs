// @ts-check
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { withLock } from "../lock.mjs";
import { interrupted } from "../processes.mjs";
import { contentHash } from "../setup/contentHash.mjs";

/**
 * Returns a folder of the cache, and fills it first if it is missing. It gets its name only once it is complete.
 * @param {import("../languages.mjs").LanguageSearch} search
 * @param {object} item
 * @param {string} item.name The folder, such as "yaml-1.25.0".
 * @param {string} item.title Completes "Installing …".
 * @param {readonly string[]} item.pins Files and folders under scripts/ that decide what is installed.
 * @param {(folder: string) => boolean} [item.isUsable] Whether a complete folder still works.
 * @param {(folder: string) => Promise<void>} item.fill
 * @returns {Promise<string>}
 */
export async function installed(search, { name, title, pins, isUsable = existsSync, fill }) {
  const hash = (await contentHash(search.scripts, pins)).slice(0, 12);
  const key = `${name}-${process.platform}-${process.arch}-${hash}`;
  const folder = join(search.cacheDir, "languages", key);
  if (isUsable(folder)) return folder;
  const lock = { log: search.log, what: `installing ${title}` };
  return await withLock(`${folder}.lock`, lock, async () => {
    // Another process may have installed it while this one waited for the lock.
    if (isUsable(folder)) return folder;
    search.log(`Installing ${title}. This takes up to three minutes.`);
    const start = Date.now();
    await replaceFolder(folder, fill);
    search.log(`Installed ${title} in ${Math.round((Date.now() - start) / 1000)} s: ${folder}`);
    return folder;
  });
}

/**
 * The caller holds the lock.
 * @param {string} folder
 * @param {(folder: string) => Promise<void>} fill
 */
async function replaceFolder(folder, fill) {
  const temporary = `${folder}.tmp`;
  // A killed process may have left it.
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  try {
    await fill(temporary);
    interrupted.throwIfAborted();
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
