// @ts-check
import { delimiter } from "node:path";

/**
 * Makes the environment that keeps a Pulumi run to itself: own state, own home, nobody's account.
 * @param {object} options
 * @param {string} options.path Folders to put first on PATH, as findEngine gives them.
 * @param {string} options.home Where Pulumi keeps its own files.
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
 * The variables alone, for a person's shell too.
 * @param {{ home: string, backend: string, passphrase: string }} options
 */
export function runSettings({ home, backend, passphrase }) {
  return {
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_HOME: home,
    PULUMI_SKIP_UPDATE_CHECK: "1",
    // Everything a run needs is on PATH; what isn't must fail here, not be fetched.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

/**
 * A person's endpoint, keys, account or stack must not get into a run, whatever they have exported.
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
 * The settings of a cluster that a person has exported.
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
