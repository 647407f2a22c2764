// @ts-check
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { run } from "../processes.mjs";

/** From this one on `--expect-no-changes` ends with exit code 7, which the demo and the tests read. */
export const OLDEST_ENGINE = "3.227.0";

/**
 * Says whether a version is at least another; what follows the three numbers isn't looked at.
 * @param {string} version
 * @param {string} least
 */
export function isAtLeast(version, least) {
  const [a, b] = [numbersOf(version), numbersOf(least)];
  const at = a.findIndex((number, index) => number !== b[index]);
  return at === -1 || Number(a[at]) > Number(b[at]);
}

/**
 * Asks a `pulumi` for its version.
 * @param {string} pulumi
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} "3.259.0"; undefined when it doesn't run.
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
 * Reads which engine the Go modules pin and which Go they want: go.mod is the one place that says it.
 * @param {string} modules The folder that holds cli/ and hosts/.
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
  if (match === undefined) throw new Error(`cli/go.mod holds no ${pattern}`);
  return match;
}

/** @param {string} version */
function numbersOf(version) {
  const match = /(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version);
  return [match?.[1], match?.[2], match?.[3]].map((number) => Number(number ?? 0));
}
