// @ts-check
import { chmod, copyFile } from "node:fs/promises";
import { join } from "node:path";

import { findOnPath } from "../engine/onPath.mjs";
import { PlainError } from "../plainError.mjs";
import { run } from "../processes.mjs";
import { buildCommand, isHostInstalled, pinnedVersion, requireGo } from "./goCommand.mjs";
import { installed } from "./install.mjs";

const HOST = "pulumi-language-python";
/** The script that the host runs programs with. It must be beside the host. */
const RUNNER = `${HOST}-exec`;
const SDK = "github.com/pulumi/pulumi/sdk/v3";
const MODULE = "engine/hosts";
const REQUIREMENTS = "languages/python/requirements.txt";

/**
 * A virtual environment with the Pulumi SDK, which must come first, and the language host of Python programs.
 * @param {import("../languages.mjs").LanguageSearch} search
 * @returns {Promise<string[]>}
 */
export async function pythonPrograms(search) {
  const sdk = await pythonSdk(search);
  return isHostInstalled(HOST, search) ? [sdk] : [sdk, await pythonHost(search)];
}

/** @param {import("../languages.mjs").LanguageSearch} search */
async function pythonSdk(search) {
  const { env, scripts } = search;
  const python = findOnPath("python3", env["PATH"] ?? "");
  if (python === undefined) {
    throw new PlainError(
      "Python is needed to run Python programs, and python3 is not on PATH. Install Python 3.10 or later.",
    );
  }
  const folder = await installed(search, {
    name: "python-sdk",
    title: "the Pulumi SDK for Python",
    pins: [REQUIREMENTS],
    // Its python3 is a link, which breaks if the Python that it was created with is removed.
    isUsable: (fresh) => findOnPath("python3", join(fresh, "bin")) !== undefined,
    async fill(fresh) {
      await succeed(python, ["-m", "venv", fresh], env);
      const quietly = ["--quiet", "--disable-pip-version-check", "--retries", "1"];
      const pip = ["-m", "pip", "install", ...quietly, "-r", join(scripts, REQUIREMENTS)];
      await succeed(join(fresh, "bin", "python3"), pip, env);
    },
  });
  return join(folder, "bin");
}

/** @param {import("../languages.mjs").LanguageSearch} search */
async function pythonHost(search) {
  const version = pinnedVersion(search, MODULE, SDK);
  const goPackage = `${SDK}/python/cmd/${HOST}`;
  const purpose = "build the Python language host";
  return await installed(search, {
    name: `python-${version}`,
    title: `the Python language host ${version}`,
    pins: [MODULE],
    async fill(folder) {
      await buildCommand(search, { module: MODULE, goPackage, purpose }, folder);
      const runner = join(folder, RUNNER);
      await copyFile(join(await sourceOf(goPackage, search), "..", RUNNER), runner);
      await chmod(runner, 0o755);
    },
  });
}

/**
 * @param {string} goPackage
 * @param {import("../languages.mjs").LanguageSearch} search
 */
async function sourceOf(goPackage, search) {
  const go = requireGo(search, "find the Python language host");
  const cwd = join(search.scripts, MODULE);
  const output = await succeed(go, ["list", "-f", "{{.Dir}}", goPackage], search.env, cwd);
  return output.trim();
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [cwd]
 */
async function succeed(command, args, env, cwd) {
  const options = { env: { ...env, GOWORK: "off" }, capture: true, ...(cwd && { cwd }) };
  const { code, output } = await run(command, args, options);
  if (code === 0) return output;
  const tail = output.trim().split("\n").slice(-5).join("\n");
  throw new PlainError(
    `${command} ${args.slice(0, 3).join(" ")} failed (exit code ${code}):\n${tail}`,
  );
}
