// @ts-check
import { run } from "../processes.mjs";
import { root } from "../setup.mjs";
import { runMocha } from "./mocha.mjs";
import { flagsOf } from "./parts.mjs";

/**
 * Runs a part. Then prints one line with its counts, and the failures in full.
 * @param {import("./choose.mjs").ChosenPart} chosen
 * @param {Record<string, string>} env
 * @returns {Promise<import("./summary.mjs").Result>}
 */
export async function runPart({ part, files }, env) {
  const where = env["OSTOR_ENDPOINT"] === undefined ? "" : ` on ${env["OSTOR_ENDPOINT"]}`;
  const start = Date.now();
  const { fault, failures, ...counts } =
    part.script === undefined
      ? await runMocha(files, { env, flags: flagsOf(part) })
      : await runScript(part.script);
  const seconds = (Date.now() - start) / 1000;
  const failed = counts.failed > 0 ? `, ${counts.failed} FAILED` : "";
  const name = `${part.name}${where}`.padEnd(10);
  console.log(`${name} ${counts.passed} passed${failed} in ${seconds.toFixed(0)} s`);
  if (failures !== "") console.log(failures);
  if (fault !== undefined) console.log(`The part "${part.name}" ${fault}.`);
  return { name: part.name, ...counts, seconds };
}

/**
 * @param {string} script
 * @returns {Promise<import("./mocha.mjs").Outcome>}
 */
async function runScript(script) {
  const { code, output } = await run("npm", ["run", "--silent", script], {
    cwd: root,
    capture: true,
  });
  if (code === 0) return { passed: 1, failed: 0, skipped: 0, failures: "" };
  const fault = `failed: run "npm run ${script}"`;
  return { passed: 0, failed: 1, skipped: 0, failures: output, fault };
}
