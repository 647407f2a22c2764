// @ts-check
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, sep } from "node:path";

import { ownSettings } from "../engineEnv.mjs";

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string} [script] An npm script, counted as one test.
 * @property {readonly string[]} [rooms] Folders of mocha tests under test/.
 * @property {"small" | "engine"} group Parts of one group run at the same time. The last one needs the Pulumi engine.
 * @property {boolean} [inOneProcess] Whether its files do not run in parallel.
 * @property {boolean} [cluster] Whether it runs on the cluster that OSTOR_ENDPOINT names, when it is chosen alone.
 */

/**
 * What `npm test` runs, in this order: in each group the longest parts come first, so that none of them runs alone at the end.
 * @type {readonly Part[]}
 */
export const parts = [
  {
    name: "unit",
    rooms: ["provider", "plugin", "sdk", "cli", "emulator", "scripts", "bench"],
    group: "small",
  },
  { name: "lint", script: "lint", group: "small" },
  { name: "faults", rooms: ["faults"], group: "small", inOneProcess: true },
  { name: "types", script: "check", group: "small" },
  { name: "format", script: "fmt:check", group: "small" },
  { name: "fuzz", rooms: ["fuzz"], group: "small", inOneProcess: true },
  { name: "contract", rooms: ["contract"], cluster: true, group: "small", inOneProcess: true },
  { name: "docs", rooms: ["docs"], group: "small", inOneProcess: true },
  { name: "engine", rooms: ["engine"], group: "engine" },
  { name: "languages", rooms: ["languages"], group: "engine", inOneProcess: true },
  { name: "crash", rooms: ["crash"], group: "engine", inOneProcess: true },
  { name: "examples", rooms: ["examples"], group: "engine", inOneProcess: true },
  { name: "package", rooms: ["package"], group: "engine", inOneProcess: true },
];

const cores = availableParallelism();

/**
 * Groups in the order in which they run, and how many of their parts run at the same time. More than the cores, because tests
 * wait a third of their time. An engine run keeps about two cores busy for half of its time.
 * @type {Readonly<Record<Part["group"], number>>}
 */
export const widths = { small: cores + 1, engine: Math.max(3, Math.floor(cores / 2)) };

/**
 * Flags of mocha.
 * @param {Part} part
 */
export function flagsOf({ group, inOneProcess }) {
  const timeout = group === "engine" ? ["--timeout", "300000"] : [];
  if (inOneProcess) return timeout;
  return ["--parallel", "--jobs", `${cores}`, ...timeout];
}

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
 * The settings of the cluster to be tested. A shell that manages a cluster has the same variables, so they are used
 * only if this part is chosen alone.
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
