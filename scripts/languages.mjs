// @ts-check
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { userCache } from "./engine/cache.mjs";
import { codegen } from "./languages/codegen.mjs";
import { goPrograms } from "./languages/go.mjs";
import { pythonPrograms } from "./languages/python.mjs";
import { yamlHost } from "./languages/yaml.mjs";
import { PlainError } from "./plainError.mjs";
import { interrupted } from "./processes.mjs";

const scripts = dirname(fileURLToPath(import.meta.url));

/** @typedef {"yaml" | "python" | "go" | "codegen"} Language `codegen` is the generator of the SDKs. */

/**
 * @typedef {object} Languages
 * @property {string} path The folders to put first on PATH, joined as in PATH; empty if there are none.
 * @property {Partial<Record<Language, string>>} missing Why a language cannot be used here.
 */

/**
 * @typedef {object} LanguageSearch
 * @property {readonly Language[]} languages Default: all.
 * @property {(line: string) => void} log Receives a line for each step; default: console.log.
 * @property {NodeJS.ProcessEnv} env Contains PATH, HOME and XDG_CACHE_HOME; default: process.env.
 * @property {string} enginePath The folders of the engine, as findEngine returns them. A release contains most hosts.
 * @property {string} cacheDir Default: pulumi-ostor in the user's cache folder.
 * @property {string} scripts The folder of the pinned modules; default: scripts.
 */

/** @type {Readonly<Record<Language, (search: LanguageSearch) => Promise<string[]>>>} Each returns folders for PATH. */
const finders = { yaml: yamlHost, python: pythonPrograms, go: goPrograms, codegen };

/**
 * Finds what the engine needs to run programs in other languages, and the generator of their SDKs. Installs what is missing
 * in the user's cache.
 * @param {Partial<LanguageSearch>} [options]
 * @returns {Promise<Languages>}
 */
export async function findLanguages(options = {}) {
  const search = withDefaults(options);
  /** @type {string[]} */
  const folders = [];
  /** @type {Languages["missing"]} */
  const missing = {};
  // One after the other: a build keeps all cores busy.
  for (const language of search.languages) {
    try {
      folders.push(...(await finders[language](search)));
    } catch (error) {
      if (!(error instanceof PlainError) || interrupted.aborted) throw error;
      missing[language] = error.message;
    }
  }
  return { path: [...new Set(folders)].join(delimiter), missing };
}

/**
 * @param {Partial<LanguageSearch>} options
 * @returns {LanguageSearch}
 */
function withDefaults(options) {
  const env = options.env ?? process.env;
  return {
    languages: ["yaml", "python", "go", "codegen"],
    log: console.log,
    enginePath: "",
    cacheDir: userCache(env),
    scripts,
    ...options,
    env,
  };
}
