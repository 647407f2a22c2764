import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { createEmulator, type Emulator } from "../../emulator";
import { engineEnvironment, requireSuccess, run, settingsOf, type Run } from "../engine/harness";
import type { Pipeline } from "./pipelines";

const root = resolve(__dirname, "../..");

/** An example as on the machine of a pipeline: its own copy, with a stack that is already set up. */
export interface Checkout {
  readonly directory: string;
  readonly emulator: Emulator;
  /** The secrets that are stored in the CI service. */
  readonly secrets: Record<string, string>;
  /** The file that GitHub displays as the summary of a run. */
  readonly summary: string;
  /** Runs the scripts of an event until one fails, and returns its code. */
  pipeline(scripts: ReturnType<Pipeline>): Promise<Run>;
}

/** Gives the tests of a `describe` an example's copy, an emulator, and a stack that is configured for it. */
export function useCheckout(folder: string, stack: string): Checkout {
  const used = {} as Checkout;
  const emulator = createEmulator();
  let temporary = "";
  before(async function () {
    this.timeout(120_000);
    temporary = mkdtempSync(join(tmpdir(), "pulumi-ostor-pipeline-"));
    await emulator.start();
    Object.assign(used, await openCheckout(folder, stack, temporary, emulator));
  });
  after(async () => {
    await emulator.stop();
    rmSync(temporary, { recursive: true, force: true });
  });
  return used;
}

async function openCheckout(
  folder: string,
  stack: string,
  temporary: string,
  emulator: Emulator,
): Promise<Checkout> {
  const directory = join(temporary, "checkout");
  cpSync(join(root, folder), directory, { recursive: true });
  mkdirSync(join(temporary, "state"));
  const { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE, PATH, ...environment } =
    await engineEnvironment(temporary);
  const secrets = {
    PULUMI_BACKEND_URL: PULUMI_BACKEND_URL ?? "",
    PULUMI_CONFIG_PASSPHRASE: PULUMI_CONFIG_PASSPHRASE ?? "",
  };
  const machine = {
    ...environment,
    PATH: [simulateInstall(temporary, directory), PATH].join(delimiter),
  };
  const pulumi = async (...words: string[]) =>
    requireSuccess(await run("pulumi", words, directory, { ...machine, ...secrets }));
  await pulumi("--non-interactive", "stack", "init", stack);
  const words = Object.entries(settingsOf(emulator)).flatMap(([name, value]) => [
    name.includes(":secret") ? "--secret" : "--plaintext",
    `${name}=${value}`,
  ]);
  await pulumi("--non-interactive", "config", "set-all", "--stack", stack, ...words);
  const summary = join(temporary, "summary.md");
  const env = { ...machine, GITHUB_STEP_SUMMARY: summary };
  return { directory, emulator, secrets, summary, pipeline: pipelineIn(directory, env) };
}

function pipelineIn(directory: string, machine: NodeJS.ProcessEnv): Checkout["pipeline"] {
  return async (scripts) => {
    const ended: Run = { code: 0, output: "" };
    for (const { bash, text, environment } of scripts) {
      const env = { ...machine, ...environment };
      const { code, output } = await run("bash", [...bash, "-c", text], directory, env);
      ended.output += output;
      ended.code = code;
      if (code !== 0) break;
    }
    return ended;
  };
}

/**
 * Creates what `npm ci` installs, which cannot run here because the package is on no registry. Everything else in the
 * scripts is real, including `npx`.
 *
 * @returns a folder with an `npm` that accepts only `ci`, and does nothing
 */
function simulateInstall(temporary: string, directory: string): string {
  const bin = join(directory, "node_modules", ".bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(root, join(directory, "node_modules", "pulumi-ostor"));
  symlinkSync(join(root, "node_modules/@pulumi"), join(directory, "node_modules/@pulumi"));
  const command = join(root, "dist/cli/index.js");
  executable(join(bin, "pulumi-ostor"), `exec "${process.execPath}" "${command}" "$@"`);
  mkdirSync(join(temporary, "bin"));
  executable(join(temporary, "bin", "npm"), '[ "$*" = ci ]');
  return join(temporary, "bin");
}

function executable(file: string, line: string): void {
  writeFileSync(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
}
