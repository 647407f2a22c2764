// @ts-check
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { buildEngine } from "./engine/build.mjs";
import { cachedEngine, userCache } from "./engine/cache.mjs";
import { downloadEngine } from "./engine/download.mjs";
import { NODE_PLUGIN } from "./engine/nodePlugin.mjs";
import { engineOnPath } from "./engine/onPath.mjs";
import { pinned } from "./engine/version.mjs";
import { withLock } from "./lock.mjs";
import { PlainError } from "./plainError.mjs";

const scripts = dirname(fileURLToPath(import.meta.url));

/**
 * @typedef {object} Engine
 * @property {string} pulumi The absolute path of the CLI.
 * @property {string} path The folders to put first on PATH, joined as in PATH.
 * @property {"PATH" | "download" | "build"} source
 * @property {string} version Such as "3.259.0".
 */

/**
 * @typedef {object} EngineSearch
 * @property {(line: string) => void} log Receives a line for each step; default: console.log.
 * @property {NodeJS.ProcessEnv} env Contains PATH, HOME and XDG_CACHE_HOME; default: process.env.
 * @property {string} cacheDir Default: pulumi-ostor in the user's cache folder.
 * @property {string} downloadBase Default: the official releases.
 * @property {number} responseTimeoutMs How long a download may wait for data; default: 10 s.
 * @property {string} modules The folder of the pinned Go modules; default: scripts/engine.
 * @property {string} nodePlugin The plugin for dynamic providers; default: the one in node_modules.
 * @property {string} version The engine to download or build; default: the version that the Go modules pin.
 * @property {string} goVersion The oldest Go that builds it; default: the version in the Go modules.
 */

/**
 * Finds a Pulumi engine on PATH or in the cache, else downloads or builds it.
 * @param {Partial<EngineSearch>} [options]
 * @returns {Promise<Engine>}
 */
export async function findEngine(options = {}) {
  if (process.platform === "win32") {
    throw new PlainError("Windows is not supported. Use WSL.");
  }
  const search = withDefaults(options);
  const folder = join(
    search.cacheDir,
    "engine",
    `${search.version}-${process.platform}-${process.arch}`,
  );
  return (
    (await engineOnPath(search)) ??
    (await cachedEngine(folder, search)) ??
    (await withLock(`${folder}.lock`, { log: search.log, what: "installing the engine" }, () =>
      installEngine(folder, search),
    ))
  );
}

/**
 * @param {string} folder
 * @param {EngineSearch} search
 * @returns {Promise<Engine>}
 */
async function installEngine(folder, search) {
  // Another process may have installed it while this one waited for the lock.
  const quiet = { ...search, log: () => undefined };
  const cached = await cachedEngine(folder, quiet);
  if (cached !== undefined) return cached;
  if (!(await downloadEngine(folder, search))) await buildEngine(folder, search);
  const engine = await cachedEngine(folder, search);
  if (engine === undefined) throw new PlainError(`The engine in ${folder} was removed. Retry.`);
  return engine;
}

/**
 * @param {Partial<EngineSearch>} options
 * @returns {EngineSearch}
 */
function withDefaults(options) {
  const modules = options.modules ?? join(scripts, "engine");
  const env = options.env ?? process.env;
  const pins = pinned(modules);
  return {
    log: console.log,
    cacheDir: userCache(env),
    downloadBase: "https://get.pulumi.com/releases/sdk",
    responseTimeoutMs: 10_000,
    nodePlugin: join(scripts, "..", "node_modules", "@pulumi", "pulumi", NODE_PLUGIN),
    version: pins.engine,
    goVersion: pins.go,
    ...options,
    modules,
    env,
  };
}
