// @ts-check
import { availableParallelism } from "node:os";

import { run } from "../processes.mjs";
import { root } from "../setup.mjs";
import { runMocha } from "./mocha.mjs";

/** An engine run keeps about two cores busy; on a machine with fewer, two at once still gain a little. */
const ENGINE_JOBS = Math.max(2, Math.floor(availableParallelism() / 2));

/** @typedef {import("./mocha.mjs").Counts & { fault?: string }} Outcome */

/**
 * Runs a part: prints one line about it, and what failed in full.
 * @param {import("./choose.mjs").ChosenPart} chosen
 * @param {Record<string, string>} env
 * @returns {Promise<import("./summary.mjs").Result>}
 */
export async function runPart({ part, files }, env) {
  const where = env["OSTOR_ENDPOINT"] === undefined ? "" : ` on ${env["OSTOR_ENDPOINT"]}`;
  process.stdout.write(`${`${part.name}${where}`.padEnd(10)} … `);
  const start = Date.now();
  const { fault, ...counts } =
    part.script === undefined
      ? await runMocha(files, { env, flags: flagsOf(part) })
      : await runScript(part.script);
  const seconds = (Date.now() - start) / 1000;
  const failed = counts.failed > 0 ? `, ${counts.failed} FAILED` : "";
  console.log(`${counts.passed} passed${failed} in ${seconds.toFixed(0)} s`);
  if (fault !== undefined) console.log(`The part "${part.name}" ${fault}.`);
  return { name: part.name, ...counts, seconds };
}

/**
 * Files run in parallel, except those that may run on a real cluster, or count together.
 * @param {import("./parts.mjs").Part} part
 */
function flagsOf({ engine, cluster, inOneProcess }) {
  if (cluster || inOneProcess) return [];
  const jobs = engine ? ENGINE_JOBS : availableParallelism();
  return ["--parallel", "--jobs", `${jobs}`, ...(engine ? ["--timeout", "300000"] : [])];
}

/**
 * @param {string} script
 * @returns {Promise<Outcome>}
 */
async function runScript(script) {
  const { code, output } = await run("npm", ["run", "--silent", script], {
    cwd: root,
    capture: true,
  });
  if (code === 0) return { passed: 1, failed: 0, skipped: 0 };
  console.log(`\n${output}`);
  return { passed: 0, failed: 1, skipped: 0, fault: `failed: run "npm run ${script}"` };
}
