// @ts-check
import { mkdir, readdir, rename, rm, rmdir, stat, utimes, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { interrupted } from "./processes.mjs";

/**
 * Does a job while no other process does it. The lock is a folder that holds one file, named after
 * its owner. Renaming a folder onto another succeeds only when that one is missing or empty, so the
 * lock can be taken, and a dead owner's taken over, by one process alone.
 * @template T
 * @param {string} folder The lock; its parent is created.
 * @param {{ log: (line: string) => void, what: string, staleMs?: number, pollMs?: number }} options
 *   `what` completes "process 12 is at …"; an owner that gave no sign of life for `staleMs` is dead.
 * @param {() => Promise<T>} job
 * @returns {Promise<T>}
 */
export async function withLock(folder, { log, what, staleMs = 60_000, pollMs = 200 }, job) {
  const own = `${process.pid}@${hostname()}@${randomUUID()}`;
  await take(folder, own, { log, what, staleMs, pollMs });
  const token = join(folder, own);
  const beat = setInterval(() => {
    utimes(token, new Date(), new Date()).catch(() => undefined);
  }, staleMs / 6);
  try {
    return await job();
  } finally {
    clearInterval(beat);
    await rm(token, { force: true });
    // Another process may have taken the emptied folder already: then it isn't ours to remove.
    await rmdir(folder).catch(() => undefined);
  }
}

/**
 * @param {string} folder
 * @param {string} own
 * @param {{ log: (line: string) => void, what: string, staleMs: number, pollMs: number }} options
 */
async function take(folder, own, { log, what, staleMs, pollMs }) {
  const staging = `${folder}.${own}`;
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(staging);
  let told = false;
  try {
    await writeFile(join(staging, own), "");
    while (!(await moved(staging, folder))) {
      const owner = await ownerOf(folder);
      if (owner && (await isDead(folder, owner, staleMs))) {
        log(`Process ${pidOf(owner)} was at ${what} and is gone: taking over.`);
        await rm(join(folder, owner), { force: true });
        continue;
      }
      if (owner && !told) log(`Process ${pidOf(owner)} is at ${what}: waiting for it (${folder}).`);
      told ||= owner !== undefined;
      await sleep(pollMs, undefined, { signal: interrupted });
    }
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
}

/**
 * @param {string} staging
 * @param {string} folder
 */
async function moved(staging, folder) {
  try {
    await rename(staging, folder);
    return true;
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === "ENOTEMPTY" || code === "EEXIST") return false;
    throw error;
  }
}

/**
 * @param {string} folder
 * @returns {Promise<string | undefined>} Nobody, when the lock was given back a moment ago.
 */
async function ownerOf(folder) {
  return (await readdir(folder).catch(() => []))[0];
}

/**
 * @param {string} folder
 * @param {string} owner
 * @param {number} staleMs
 */
async function isDead(folder, owner, staleMs) {
  const [pid, host] = owner.split("@");
  if (host === hostname() && !isRunning(Number(pid))) return true;
  // A pid says nothing on another host, nor after it was given to somebody else.
  const sign = await stat(join(folder, owner)).catch(() => undefined);
  return sign !== undefined && Date.now() - sign.mtimeMs > staleMs;
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/** @param {string} owner */
function pidOf(owner) {
  return owner.split("@")[0];
}
