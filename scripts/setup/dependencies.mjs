// @ts-check
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { PlainError } from "../plainError.mjs";
import { run } from "../processes.mjs";

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean }} LockedPackage */

/**
 * Installs the dependencies when those in node_modules aren't the ones package-lock.json names.
 * @param {string} root
 * @param {(line: string) => void} log
 */
export async function installDependencies(root, log) {
  if (await isInstalled(root)) return;
  log("Installing the dependencies (npm ci) …");
  // Said outright: a person's NODE_ENV=production would leave out the compiler.
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund"];
  const { code } = await run("npm", args, { cwd: root });
  if (code !== 0)
    throw new PlainError('The dependencies aren\'t installed: see what "npm ci" says.');
}

/**
 * npm writes node_modules/.package-lock.json last, so a broken-off install has none.
 * @param {string} root
 */
export async function isInstalled(root) {
  const installed = await packagesIn(join(root, "node_modules", ".package-lock.json"));
  const locked = await packagesIn(join(root, "package-lock.json"));
  if (installed === undefined || locked === undefined) return false;
  return Object.entries(locked).every(([path, { version, optional, devOptional }]) => {
    const there = installed[path];
    // "" is the package itself; optional ones are for other platforms.
    if (path === "" || there === undefined) return path === "" || !!(optional || devOptional);
    return there.version === version;
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
