// @ts-check
import { mkdir, readdir, rename, rm, rmdir, stat, utimes, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { interrupted } from "./processes.mjs";

/**
 * Runs a job while no other process holds the lock. The lock is a folder with one file, named after its owner.
 * Renaming a folder onto another one succeeds only if that is missing or empty. So only one process acquires
 * the lock, also after its owner has exited without releasing it.
 * @template T
 * @param {string} folder The lock; its parent is created.
 * @param {{ log: (line: string) => void, what: string, staleMs?: number, pollMs?: number }} options
 *   `what` completes "process 12 is …"; an owner that has not touched its file for `staleMs` has exited.
 * @param {() => Promise<T>} job
 * @returns {Promise<T>}
 */
export async function withLock(folder, { log, what, staleMs = 60_000, pollMs = 200 }, job) {
  const own = `${process.pid}@${hostname()}@${randomUUID()}`;
  await acquire(folder, own, { log, what, staleMs, pollMs });
  const token = join(folder, own);
  const heartbeat = setInterval(() => {
    utimes(token, new Date(), new Date()).catch(() => undefined);
  }, staleMs / 6);
  try {
    return await job();
  } finally {
    clearInterval(heartbeat);
    await rm(token, { force: true });
    // Fails if another process has acquired the lock in the meantime.
    await rmdir(folder).catch(() => undefined);
  }
}

/**
 * @param {string} folder
 * @param {string} own
 * @param {{ log: (line: string) => void, what: string, staleMs: number, pollMs: number }} options
 */
async function acquire(folder, own, { log, what, staleMs, pollMs }) {
  const staging = `${folder}.${own}`;
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(staging);
  let isLogged = false;
  try {
    await writeFile(join(staging, own), "");
    while (!(await tryRename(staging, folder))) {
      const owner = await ownerOf(folder);
      if (owner && (await hasExited(folder, owner, staleMs))) {
        log(`Process ${pidOf(owner)} exited while ${what}. Removing its lock.`);
        await rm(join(folder, owner), { force: true });
        continue;
      }
      if (owner && !isLogged)
        log(`Waiting for process ${pidOf(owner)}, which is ${what} (${folder}).`);
      isLogged ||= owner !== undefined;
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
async function tryRename(staging, folder) {
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
 * @returns {Promise<string | undefined>} Undefined if the lock was just released.
 */
async function ownerOf(folder) {
  return (await readdir(folder).catch(() => []))[0];
}

/**
 * @param {string} folder
 * @param {string} owner
 * @param {number} staleMs
 */
async function hasExited(folder, owner, staleMs) {
  const [pid, host] = owner.split("@");
  if (host === hostname() && !isRunning(Number(pid))) return true;
  // The process may run on another host, or another process may have the pid now.
  const file = await stat(join(folder, owner)).catch(() => undefined);
  return file !== undefined && Date.now() - file.mtimeMs > staleMs;
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
