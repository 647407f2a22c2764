// @ts-check
import { availableParallelism } from "node:os";

import { isHelpAsked } from "./help.mjs";
import { PlainError } from "./plainError.mjs";
import { interrupted, main, run } from "./processes.mjs";
import { root, setup, setupPackage } from "./setup.mjs";
import { runMocha } from "./test/mocha.mjs";
import { clusterSettings, parts, testFiles } from "./test/parts.mjs";
import { countsLine, summaryTable } from "./test/summary.mjs";

/** An engine run keeps about two cores busy; on a machine with fewer, two at once still gain a little. */
const ENGINE_JOBS = Math.max(2, Math.floor(availableParallelism() / 2));

await main(async () => {
  const args = process.argv.slice(2);
  if (isHelpAsked(args, helpText())) return 0;
  const chosen = choose(args);
  const results = [];
  const ready = await prepare(chosen);
  if (ready.result !== undefined) results.push(ready.result);
  for (const part of ready.result === undefined ? chosen : []) {
    const result = await runPart(part, {
      ...ready.env,
      ...clusterSettings(part, chosen, process.env),
    });
    if (result !== undefined) results.push(result);
  }
  console.log(`\n${summaryTable(results)}\n\n${countsLine(results)}`);
  return results.some(({ failed }) => failed > 0) ? 1 : 0;
});

function helpText() {
  return `Usage: npm test [-- PART…]

Runs all tests, or the parts that are named, and ends with a table of counts. What is missing is set up.

Parts, in the order in which they run:
${parts.map(({ name }) => `  ${name}\n`).join("")}
  --help  print this text`;
}

/** @param {readonly string[]} names */
function choose(names) {
  const known = parts.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new PlainError(`There is no part "${unknown}". npm test -- [${known.join(" | ")}] …`);
  }
  return names.length === 0 ? parts : parts.filter(({ name }) => names.includes(name));
}

/**
 * A set-up that fails is a failed part: the counts still come last.
 * @param {readonly import("./test/parts.mjs").Part[]} chosen
 * @returns {Promise<{ env: Record<string, string>, result?: import("./test/summary.mjs").Result }>}
 */
async function prepare(chosen) {
  const start = Date.now();
  try {
    if (!chosen.some(({ engine }) => engine)) {
      await setupPackage();
      return { env: {} };
    }
    const { path, pulumi, version } = await setup();
    console.log(`Pulumi ${version}: ${pulumi}`);
    return { env: { PULUMI_OSTOR_ENGINE_PATH: path } };
  } catch (error) {
    interrupted.throwIfAborted();
    console.error(error instanceof PlainError ? error.message : error);
    const seconds = (Date.now() - start) / 1000;
    return { env: {}, result: { name: "set-up", passed: 0, failed: 1, skipped: 0, seconds } };
  }
}

/**
 * @param {import("./test/parts.mjs").Part} part
 * @param {Record<string, string>} env
 * @returns {Promise<import("./test/summary.mjs").Result | undefined>} Nothing for a part without tests.
 */
async function runPart(part, env) {
  const files = testFiles(root, part);
  if (part.script === undefined && files.length === 0) return undefined;
  const where = env["OSTOR_ENDPOINT"] === undefined ? "" : ` on ${env["OSTOR_ENDPOINT"]}`;
  console.log(`\n${part.name}${where}:`);
  const start = Date.now();
  const { fault, ...counts } =
    part.script === undefined
      ? await runMocha(files, { env, flags: flagsOf(part) })
      : await runScript(part.script);
  if (fault !== undefined) console.log(`The part "${part.name}" ${fault}.`);
  return { name: part.name, ...counts, seconds: (Date.now() - start) / 1000 };
}

/**
 * Files run side by side, but for those that may run on a real cluster, or count together.
 * @param {import("./test/parts.mjs").Part} part
 */
function flagsOf({ engine, cluster, inOneProcess }) {
  if (cluster || inOneProcess) return [];
  const jobs = engine ? ENGINE_JOBS : availableParallelism();
  return ["--parallel", "--jobs", `${jobs}`, ...(engine ? ["--timeout", "300000"] : [])];
}

/**
 * @param {string} script
 * @returns {Promise<import("./test/mocha.mjs").Counts & { fault?: string }>}
 */
async function runScript(script) {
  const { code } = await run("npm", ["run", "--silent", script], { cwd: root });
  if (code === 0) return { passed: 1, failed: 0, skipped: 0 };
  return { passed: 0, failed: 1, skipped: 0, fault: `failed: run "npm run ${script}"` };
}
