// @ts-check
import { readFile, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";

import { PlainError } from "../plainError.mjs";
import { ensureNodePlugin, NODE_PLUGIN } from "./nodePlugin.mjs";
import { findOnPath } from "./onPath.mjs";
import { versionOf } from "./version.mjs";

/** Contains where a cached engine comes from: "download" or "build". */
const SOURCE = "source.txt";

/**
 * The user's cache folder: a fresh clone does not build the engine again.
 * @param {NodeJS.ProcessEnv} env
 */
export function userCache(env) {
  const home = env["HOME"] || homedir();
  const byDefault = process.platform === "darwin" ? ["Library", "Caches"] : [".cache"];
  return join(env["XDG_CACHE_HOME"] || join(home, ...byDefault), "pulumi-ostor");
}

/**
 * Returns the cached engine if it is complete and runs.
 * @param {string} folder
 * @param {import("../engine.mjs").EngineSearch} search
 * @returns {Promise<import("../engine.mjs").Engine | undefined>}
 */
export async function cachedEngine(folder, { log, env, version }) {
  const source = await readFile(join(folder, SOURCE), "utf8").catch(() => undefined);
  if (source === undefined) return undefined;
  const fault = await faultOf(folder, version, env);
  if (fault !== undefined) {
    log(`The cached engine does not work (${fault}). Installing it again.`);
    return undefined;
  }
  return {
    pulumi: join(folder, "pulumi"),
    path: folder,
    source: source === "download" ? "download" : "build",
    version,
  };
}

/**
 * Fills a temporary folder and renames it once the engine in it has run. The caller holds the lock.
 * @param {string} folder
 * @param {"download" | "build"} source
 * @param {import("../engine.mjs").EngineSearch} search
 * @param {(temporary: string) => Promise<void>} fill
 */
export async function addToCache(folder, source, { env, version, nodePlugin }, fill) {
  await removeLeftovers(folder);
  const temporary = `${folder}.tmp-${process.pid}`;
  await mkdir(temporary, { recursive: true });
  try {
    await fill(temporary);
    if (findOnPath(NODE_PLUGIN, temporary) === undefined) {
      await ensureNodePlugin(nodePlugin, temporary);
    }
    const fault = await faultOf(temporary, version, env);
    if (fault !== undefined) throw new PlainError(`the engine does not work: ${fault}`);
    await writeFile(join(temporary, SOURCE), source);
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * Removes the temporary folders of killed runs. The caller holds the lock.
 * @param {string} folder
 */
async function removeLeftovers(folder) {
  const parent = dirname(folder);
  const names = await readdir(parent).catch(() => []);
  const leftovers = names.filter((name) => name.startsWith(`${basename(folder)}.tmp-`));
  await Promise.all(leftovers.map((name) => rm(join(parent, name), { recursive: true })));
}

/**
 * @param {string} folder
 * @param {string} version
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} Why the engine in the folder does not work.
 */
async function faultOf(folder, version, env) {
  const missing = ["pulumi", "pulumi-language-nodejs", NODE_PLUGIN].find(
    (name) => findOnPath(name, folder) === undefined,
  );
  if (missing !== undefined) return `${missing} is missing`;
  const actual = await versionOf(join(folder, "pulumi"), env);
  if (actual === version) return undefined;
  return `"pulumi version" prints ${actual ?? "no version"} instead of ${version}`;
}
