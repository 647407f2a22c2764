// @ts-check
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { withoutOwnSettings } from "../engineEnv.mjs";
import { run } from "../processes.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
/** A suite that hangs must not block its caller. */
const LIMIT_MS = 90 * 60_000;

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Counts, the failures in full, and what is wrong with the run as a whole.
 * @typedef {Counts & { failures: string, fault?: string }} Outcome
 */

/**
 * Runs test files with mocha and counts the results. A crash, a suite that hangs and a suite that runs
 * no test each count as one more failed test.
 * @param {readonly string[]} files
 * @param {object} [options]
 * @param {readonly string[]} [options.flags] More of mocha's flags.
 * @param {Record<string, string>} [options.env] Added to this process's environment.
 * @param {string} [options.cwd] The folder of .mocharc.json; default: the checkout.
 * @param {number} [options.limitMs]
 * @returns {Promise<Outcome>}
 */
export async function runMocha(
  files,
  { flags = [], env = {}, cwd = root, limitMs = LIMIT_MS } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-ostor-counts-"));
  const file = join(folder, "counts.json");
  try {
    const end = await run(process.execPath, [...MOCHA, ...flags, ...files], {
      cwd,
      capture: true,
      timeoutMs: limitMs,
      env: { ...withoutOwnSettings(process.env), ...env, PULUMI_OSTOR_COUNTS: file },
    });
    return withFault(await countsIn(file), end, limitMs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const MOCHA = [
  join(root, "node_modules", "mocha", "bin", "mocha.js"),
  "--reporter",
  join(here, "reporter.mjs"),
  // A forgotten `.only` would skip all other tests and still pass.
  "--forbid-only",
];

/**
 * @param {Omit<Outcome, "fault"> & { ended: boolean }} counts
 * @param {{ code: number, output: string, timedOut: boolean }} end
 * @param {number} limitMs
 * @returns {Outcome}
 */
function withFault({ ended, ...counts }, { code, output, timedOut }, limitMs) {
  const fault = faultOf();
  if (fault === undefined) return counts;
  const failures = `${counts.failures}\n${output.slice(-20_000)}`;
  return { ...counts, failed: counts.failed + 1, failures, fault };

  function faultOf() {
    if (timedOut) return `ran longer than ${limitMs / 1000} s and was stopped`;
    if (!ended) return `broke off with exit code ${code}`;
    if (code !== 0 && counts.failed === 0)
      return `ended with exit code ${code}, yet no test failed`;
    if (counts.passed + counts.failed + counts.skipped === 0) return "ran no test";
    return undefined;
  }
}

/**
 * @param {string} file
 * @returns {Promise<Omit<Outcome, "fault"> & { ended: boolean }>}
 */
async function countsIn(file) {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text ? JSON.parse(text) : { passed: 0, failed: 0, skipped: 0, ended: false, failures: "" };
}
