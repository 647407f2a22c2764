// @ts-check
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { PlainError } from "../plainError.mjs";
import { run } from "../processes.mjs";

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean }} LockedPackage */

/**
 * Installs the dependencies unless node_modules contains those in package-lock.json.
 * @param {string} root
 * @param {(line: string) => void} log
 */
export async function installDependencies(root, log) {
  if (await isInstalled(root)) return;
  log("Installing the dependencies (npm ci) …");
  // Explicit, because NODE_ENV=production would leave out the compiler.
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund"];
  const { code } = await run("npm", args, { cwd: root });
  if (code !== 0)
    throw new PlainError('The dependencies are not installed: fix what "npm ci" reports.');
}

/**
 * npm writes node_modules/.package-lock.json last: an interrupted install has none.
 * @param {string} root
 */
export async function isInstalled(root) {
  const installed = await packagesIn(join(root, "node_modules", ".package-lock.json"));
  const locked = await packagesIn(join(root, "package-lock.json"));
  if (installed === undefined || locked === undefined) return false;
  return Object.entries(locked).every(([path, { version, optional, devOptional }]) => {
    const found = installed[path];
    // "" is the package itself. Optional packages are for other platforms.
    if (path === "" || found === undefined) return path === "" || !!(optional || devOptional);
    return found.version === version;
  });
}

/**
 * @param {string} file
 * @returns {Promise<Record<string, LockedPackage> | undefined>}
 */
async function packagesIn(file) {
  try {
    return JSON.parse(await readFile(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}
