// @ts-check
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

import { ensureNodePlugin, NODE_PLUGIN } from "./nodePlugin.mjs";
import { isAtLeast, OLDEST_ENGINE, versionOf } from "./version.mjs";

/**
 * Finds a program as a shell would.
 * @param {string} name
 * @param {string} path Folders as in the variable PATH.
 * @returns {string | undefined}
 */
export function findOnPath(name, path) {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/**
 * Returns the installed `pulumi` if it is new enough and can run Node.js programs.
 * @param {import("../engine.mjs").EngineSearch} search
 * @returns {Promise<import("../engine.mjs").Engine | undefined>}
 */
export async function engineOnPath({ log, env, cacheDir, nodePlugin }) {
  const path = env["PATH"] ?? "";
  const pulumi = findOnPath("pulumi", path);
  if (pulumi === undefined) return undefined;
  const version = await versionOf(pulumi, env);
  // The CLI also searches plugins in its own folder, and `pulumi` may be a link into another one.
  const beside = [dirname(pulumi), dirname(realpathSync(pulumi)), path].join(delimiter);
  const reason = reasonAgainst(version, beside);
  if (version === undefined || reason !== undefined) {
    log(`Ignoring ${pulumi}: ${reason}.`);
    return undefined;
  }
  // The Node.js of this process comes first: the folder of pulumi may contain another one.
  const folders = [dirname(process.execPath), dirname(pulumi)];
  if (findOnPath(NODE_PLUGIN, beside) === undefined) {
    folders.push(await ensureNodePlugin(nodePlugin, join(cacheDir, "engine", "node-plugin")));
  }
  return { pulumi, path: folders.join(delimiter), source: "PATH", version };
}

/**
 * @param {string | undefined} version
 * @param {string} beside
 */
function reasonAgainst(version, beside) {
  if (version === undefined) return '"pulumi version" prints no version';
  if (!isAtLeast(version, OLDEST_ENGINE)) return `${version} is older than ${OLDEST_ENGINE}`;
  if (findOnPath("pulumi-language-nodejs", beside) === undefined) {
    return "pulumi-language-nodejs is neither in its folder nor on PATH";
  }
  return undefined;
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
