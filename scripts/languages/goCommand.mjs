// @ts-check
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { goBuild } from "../engine/goBuild.mjs";
import { findOnPath } from "../engine/onPath.mjs";
import { PlainError } from "../plainError.mjs";

const FIX = "Check the network and the version of Go, then retry.";

/**
 * Whether the engine finds a language host without ours, such as one of a release.
 * @param {string} name
 * @param {import("../languages.mjs").LanguageSearch} search
 */
export function isHostInstalled(name, { enginePath, env }) {
  return findOnPath(name, [enginePath, env["PATH"] ?? ""].join(delimiter)) !== undefined;
}

/**
 * @param {import("../languages.mjs").LanguageSearch} search
 * @param {string} purpose Completes "Go is needed to …".
 * @returns {string} The absolute path of Go.
 */
export function requireGo({ env }, purpose) {
  const go = findOnPath("go", env["PATH"] ?? "");
  if (go !== undefined) return go;
  throw new PlainError(
    `Go is needed to ${purpose}, and is not on PATH. Install Go (https://go.dev/dl/).`,
  );
}

/**
 * Builds commands of one module into a folder.
 * @param {import("../languages.mjs").LanguageSearch} search
 * @param {{ module: string, goPackage: string, purpose: string }} command `module` is a folder under scripts/.
 * @param {string} folder
 */
export async function buildCommand(search, { module, goPackage, purpose }, folder) {
  const go = requireGo(search, purpose);
  const path = join(search.scripts, module);
  await goBuild({ go, module: path, goPackage, folder, env: search.env, fix: FIX });
}

/**
 * The version of a module that a go.mod pins.
 * @param {import("../languages.mjs").LanguageSearch} search
 * @param {string} module A folder under scripts/.
 * @param {string} dependency
 */
export function pinnedVersion({ scripts }, module, dependency) {
  const text = readFileSync(join(scripts, module, "go.mod"), "utf8");
  const line = text.split("\n").find((each) => each.includes(`${dependency} v`)) ?? "";
  const version = / v(\S+)/.exec(line)?.[1];
  if (version === undefined) throw new Error(`${module}/go.mod does not contain ${dependency}`);
  return version;
}
