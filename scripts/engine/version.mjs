// @ts-check
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { run } from "../processes.mjs";

/** The first version whose `--expect-no-changes` ends with exit code 7, which the demo and the tests read. */
export const OLDEST_ENGINE = "3.227.0";

/**
 * Whether a version is at least another one. Compares only the three numbers.
 * @param {string} version
 * @param {string} least
 */
export function isAtLeast(version, least) {
  const [a, b] = [numbersOf(version), numbersOf(least)];
  const first = a.findIndex((number, index) => number !== b[index]);
  return first === -1 || Number(a[first]) > Number(b[first]);
}

/**
 * Runs `pulumi version`.
 * @param {string} pulumi
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} Such as "3.259.0"; undefined if it does not run.
 */
export async function versionOf(pulumi, env) {
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "1" };
  try {
    const { code, output } = await run(pulumi, ["version"], {
      env: quiet,
      capture: true,
      timeoutMs: 30_000,
    });
    return code === 0 ? /\bv?(\d+\.\d+\.\d+)/.exec(output)?.[1] : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads from go.mod which engine the Go modules pin and which Go they need.
 * @param {string} modules The folder that contains cli/ and hosts/.
 */
export function pinned(modules) {
  const text = readFileSync(join(modules, "cli", "go.mod"), "utf8");
  return {
    engine: found(text, /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/),
    go: found(text, /^go (\S+)/m),
  };
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 */
function found(text, pattern) {
  const match = pattern.exec(text)?.[1];
  if (match === undefined) throw new Error(`cli/go.mod does not contain ${pattern}`);
  return match;
}

/** @param {string} version */
function numbersOf(version) {
  const match = /(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version);
  return [match?.[1], match?.[2], match?.[3]].map((number) => Number(number ?? 0));
}
