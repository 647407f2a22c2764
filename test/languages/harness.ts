import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { createEmulator, type Emulator } from "../../emulator";
import type { Language, Languages } from "../../scripts/languages.mjs" with {
  "resolution-mode": "import",
};
import {
  engineEnvironment,
  requireSuccess,
  settingsOf,
  stackIn,
  type Stack,
} from "../engine/harness";

export const root = resolve(__dirname, "../..");

/** The folder of the native plugin, as a program's `Pulumi.yaml` names it. */
export const pluginFolder = join(root, "dist", "plugin");

/** A language in which a test writes programs, its file, and its `runtime` in `Pulumi.yaml`. */
const runtimes = {
  yaml: { file: "Main.yaml", runtime: "yaml" },
  python: { file: "__main__.py", runtime: "python" },
  go: { file: "main.go", runtime: "{ name: go, options: { binary: ./program } }" },
  nodejs: { file: "index.js", runtime: "{ name: nodejs, options: { typescript: false } }" },
};

/** A stack whose program is in another language, and the folder of its project. */
export interface Project extends Stack {
  readonly folder: string;
  /** The environment of the project's commands. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Where languages come from: `npm test` has looked for them already. */
export async function languages(wanted: Language[]): Promise<Languages> {
  const known = process.env["PULUMI_OSTOR_LANGUAGES"];
  if (known !== undefined) return JSON.parse(known) as Languages;
  const { findLanguages } = await import("../../scripts/languages.mjs");
  return await findLanguages({
    languages: wanted,
    enginePath: process.env["PULUMI_OSTOR_ENGINE_PATH"] ?? "",
  });
}

/** Skips the tests of a `describe`, and prints why, if what they need cannot be installed here. */
export async function requireLanguages(test: Mocha.Context, wanted: Language[]): Promise<string> {
  const { path, missing } = await languages(wanted);
  const reasons = wanted.flatMap((language) => missing[language] ?? []);
  if (reasons.length === 0) return path;
  console.log(`Skipped: ${reasons.join(" ")}`);
  test.skip();
}

/** Gives every test of a `describe` an emulator and a project that is configured for it. */
export function useProject(
  language: keyof typeof runtimes,
  needs: Language[],
  options: Pick<ProjectOptions, "example"> = {},
): { emulator: Emulator; project: Project } {
  const used = {} as { emulator: Emulator; project: Project };
  before(async function () {
    this.timeout(300_000);
    const path = await requireLanguages(this, needs);
    used.emulator = createEmulator();
    await used.emulator.start();
    used.project = await createProject(language, { ...options, path });
    await used.project.config(settingsOf(used.emulator));
  });
  after(async () => {
    // Both are missing if the tests are skipped.
    (used.project as Project | undefined)?.remove();
    await (used.emulator as Emulator | undefined)?.stop();
  });
  return used;
}

/** How a project is created. */
export interface ProjectOptions {
  /** The folders of the language, from `requireLanguages`. */
  path: string;
  /** The folder of the plugin, which `Pulumi.yaml` names; null if it is installed. */
  plugin?: string | null;
  /** The folder of an example to copy; its runtime is the one of this harness. */
  example?: string;
}

/** Creates a project with a stack `dev` in a temporary folder. */
export async function createProject(
  language: keyof typeof runtimes,
  { path, plugin = pluginFolder, example }: ProjectOptions,
): Promise<Project> {
  const directory = mkdtempSync(join(tmpdir(), "pulumi-ostor-languages-"));
  const environment = await engineEnvironment(directory);
  environment["PATH"] = [path, environment["PATH"]].join(delimiter);
  const folder = join(directory, "project");
  mkdirSync(folder);
  mkdirSync(join(directory, "state"));
  const { file, runtime } = runtimes[language];
  if (example !== undefined) cpSync(join(root, example), folder, { recursive: true });
  const plugins =
    plugin === null
      ? ""
      : `plugins: { providers: [{ name: ostor, path: ${JSON.stringify(plugin)} }] }\n`;
  writeFileSync(join(folder, "Pulumi.yaml"), `name: languages\nruntime: ${runtime}\n${plugins}`);
  if (language === "nodejs") {
    writeFileSync(join(folder, "package.json"), '{ "name": "languages", "private": true }\n');
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  }
  const stack = stackIn(directory, folder, environment, 240_000);
  requireSuccess(await stack.pulumi(["stack", "init", "dev"]));
  const program = (text: string) => {
    writeFileSync(join(folder, file), text);
  };
  return { ...stack, folder, environment, program };
}
