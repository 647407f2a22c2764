// @ts-check
import { delimiter } from "node:path";

/** For runs of programs whose types `npm run check` checks: each run would check them again, which takes longer than the rest. */
export const withoutTypeCheck = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

/**
 * The environment of an isolated Pulumi run: its own state and home, and no account.
 * @param {object} options
 * @param {string} options.path Folders to put first on PATH, as findEngine returns them.
 * @param {string} options.home Where Pulumi stores its own files.
 * @param {string} options.backend An existing folder for the state.
 * @param {string} [options.passphrase]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Record<string, string>}
 */
export function engineEnv({ path, home, backend, passphrase = "demo", env = process.env }) {
  return {
    ...withoutOwnSettings(env),
    PATH: [path, env["PATH"] ?? ""].join(delimiter),
    ...runSettings({ home, backend, passphrase }),
  };
}

/**
 * Only the variables that Pulumi reads, also for the user's shell.
 * @param {{ home: string, backend: string, passphrase: string }} options
 */
export function runSettings({ home, backend, passphrase }) {
  return {
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_HOME: home,
    PULUMI_SKIP_UPDATE_CHECK: "1",
    // Everything that a run needs is on PATH. Anything else must fail here instead of being downloaded.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

/**
 * Removes the user's endpoint, keys, account and stack from the environment of a run.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
export function withoutOwnSettings(env) {
  /** @type {Record<string, string>} */
  const kept = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !/^(OSTOR|PULUMI)_/.test(name)) kept[name] = value;
  }
  return kept;
}

/**
 * The settings of a cluster that the user has exported.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
export function ownSettings(env) {
  /** @type {Record<string, string>} */
  const kept = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && name.startsWith("OSTOR_")) kept[name] = value;
  }
  return kept;
}
