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
 * @property {string} pulumi The CLI's absolute path.
 * @property {string} path The folders to put first on PATH, joined as in PATH.
 * @property {"PATH" | "download" | "build"} source
 * @property {string} version "3.259.0".
 */

/**
 * @typedef {object} EngineSearch
 * @property {(line: string) => void} log Gets a line for each thing that is done; default: console.log.
 * @property {NodeJS.ProcessEnv} env Where PATH, HOME and XDG_CACHE_HOME are read; default: process.env.
 * @property {string} cacheDir Default: pulumi-ostor in the user's cache.
 * @property {string} downloadBase Default: Pulumi's own releases.
 * @property {number} answerTimeoutMs When a silent download is given up; default: 10 s.
 * @property {string} modules The folder of the pinned Go modules; default: scripts/engine.
 * @property {string} nodePlugin The plugin for dynamic providers; default: the one npm installed.
 * @property {string} version The engine to download or build; default: what the Go modules pin.
 * @property {string} goVersion The oldest Go that builds it; default: what the Go modules want.
 */

/**
 * Finds a Pulumi engine: the one on PATH, the cached one, the official download, a build with Go.
 * @param {Partial<EngineSearch>} [options]
 * @returns {Promise<Engine>}
 */
export async function findEngine(options = {}) {
  if (process.platform === "win32") {
    throw new PlainError("This isn't tried on Windows: run it in WSL.");
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
    (await withLock(`${folder}.lock`, { log: search.log, what: "getting the engine" }, () =>
      getEngine(folder, search),
    ))
  );
}

/**
 * @param {string} folder
 * @param {EngineSearch} search
 * @returns {Promise<Engine>}
 */
async function getEngine(folder, search) {
  // Whoever held the lock before has put it there.
  const quiet = { ...search, log: () => undefined };
  const cached = await cachedEngine(folder, quiet);
  if (cached !== undefined) return cached;
  if (!(await downloadEngine(folder, search))) await buildEngine(folder, search);
  const engine = await cachedEngine(folder, search);
  if (engine === undefined) throw new PlainError(`The engine in ${folder} vanished: try again.`);
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
    answerTimeoutMs: 10_000,
    nodePlugin: join(scripts, "..", "node_modules", "@pulumi", "pulumi", NODE_PLUGIN),
    version: pins.engine,
    goVersion: pins.go,
    ...options,
    modules,
    env,
  };
}
