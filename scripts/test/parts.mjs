// @ts-check
import { readdirSync } from "node:fs";
import { join, sep } from "node:path";

import { ownSettings } from "../engineEnv.mjs";

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string} [script] An npm script, counted as one test.
 * @property {readonly string[]} [rooms] Folders of mocha tests under test/.
 * @property {boolean} [engine] Whether its tests run the Pulumi engine.
 * @property {boolean} [inOneProcess] Whether its files run in one process: then another such part runs at the same time.
 * @property {boolean} [cluster] Whether it runs on the cluster that OSTOR_ENDPOINT names, when it is chosen alone.
 */

/**
 * What `npm test` runs, in this order: what fails soonest comes first.
 * @type {readonly Part[]}
 */
export const parts = [
  { name: "types", script: "check", inOneProcess: true },
  { name: "lint", script: "lint", inOneProcess: true },
  { name: "format", script: "fmt:check", inOneProcess: true },
  { name: "contract", rooms: ["contract"], cluster: true, inOneProcess: true },
  { name: "faults", rooms: ["faults"], inOneProcess: true },
  { name: "fuzz", rooms: ["fuzz"], inOneProcess: true },
  { name: "docs", rooms: ["docs"], inOneProcess: true },
  { name: "unit", rooms: ["provider", "sdk", "cli", "emulator", "scripts", "bench"] },
  { name: "engine", rooms: ["engine"], engine: true },
  { name: "crash", rooms: ["crash"], engine: true },
  { name: "examples", rooms: ["examples"], engine: true },
  { name: "package", rooms: ["package"], engine: true },
];

/**
 * @param {string} root
 * @param {Part} part
 * @param {boolean} all Whether the long tests are included, which are in folders named `long`.
 * @returns {string[]} The part's test files, relative to the root; none for an npm script.
 */
export function testFiles(root, { rooms = [] }, all) {
  return rooms.flatMap((room) => {
    const folder = join("test", room);
    return namesIn(join(root, folder))
      .filter((name) => name.endsWith(".test.ts") && !name.includes("node_modules"))
      .filter((name) => all || !name.split(sep).includes("long"))
      .map((name) => join(folder, name))
      .sort();
  });
}

/**
 * The settings of the cluster that a person wants tested. A shell that manages a cluster holds them too: only who
 * asks for this part alone means that cluster.
 * @param {Part} part
 * @param {readonly Part[]} chosen
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
export function clusterSettings({ cluster = false }, chosen, env) {
  return cluster && chosen.length === 1 ? ownSettings(env) : {};
}

/** @param {string} folder */
function namesIn(folder) {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return [];
    throw error;
  }
}
