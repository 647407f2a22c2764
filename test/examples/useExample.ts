import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createEmulator, type Cluster, type Emulator } from "../../emulator";
import {
  engineEnvironment,
  requireSuccess,
  run,
  settingsOf,
  type Run,
  type StoredResource,
} from "../engine/harness";

/** A program of this repository that runs in its folder; state, configuration and home are elsewhere. */
export interface Example {
  readonly directory: string;
  readonly emulator: Emulator;
  /** Runs the CLI on the program; fails unless it ends with 0. */
  pulumi(...flags: string[]): Promise<Run>;
  /** Runs a line of a shell script in the example's folder, where `pulumi` uses its stack and configuration. */
  shell(line: string): Promise<Run>;
  /** Sets configuration of the project; encrypts it if `path` contains "secret". A path may be `tracked[0]`. */
  config(path: string, value: string): Promise<void>;
  outputs(): Promise<Record<string, unknown>>;
  resources(): Promise<StoredResource[]>;
}

const root = resolve(__dirname, "../..");
const stack = "dev";

/**
 * Gives every test of a `describe` an emulator and an example that is configured for it. Afterwards the
 * example's folder must contain what it contained before.
 *
 * @param folder - relative to the repository, `.` for its root program
 * @param seed - creates what is on the cluster before the program
 */
export function useExample(folder: string, seed: (cluster: Cluster) => void = () => undefined) {
  const used = {} as Example;
  const directory = join(root, folder);
  const filesBefore = readdirSync(directory).sort();
  let temporary = "";
  const emulator = createEmulator();
  before(async function () {
    this.timeout(120_000);
    temporary = mkdtempSync(join(tmpdir(), "pulumi-ostor-example-"));
    await emulator.start();
    seed(emulator.cluster);
    Object.assign(used, await openExample(directory, temporary, emulator));
  });
  after(async () => {
    await emulator.stop();
    rmSync(temporary, { recursive: true, force: true });
    assert.deepEqual(readdirSync(directory).sort(), filesBefore, "nothing is left in the folder");
  });
  return used;
}

async function openExample(
  directory: string,
  temporary: string,
  emulator: Emulator,
): Promise<Example> {
  const environment = await engineEnvironment(temporary);
  const configFile = await createStack(directory, temporary, environment);
  const place = ["--stack", stack, "--config-file", configFile];
  const general = ["--non-interactive", "--color", "never"];
  const pulumi = async (...flags: string[]) =>
    requireSuccess(await run("pulumi", [...general, ...flags], directory, environment));
  const stored = async (...flags: string[]) =>
    JSON.parse((await pulumi("stack", ...flags, "--stack", stack)).output) as unknown;
  const words = Object.entries(settingsOf(emulator)).flatMap(([name, value]) => [
    name.includes(":secret") ? "--secret" : "--plaintext",
    `${name}=${value}`,
  ]);
  await pulumi("config", "set-all", ...place, ...words);
  return {
    directory,
    emulator,
    pulumi: (...flags) => pulumi(...flags, ...place),
    shell(line) {
      const wrapped = `pulumi() { command pulumi ${[...general].join(" ")} "$@" ${place.join(" ")}; }\n${line}`;
      return run("bash", ["-e", "-c", wrapped], directory, environment);
    },
    config: async (path, value) => {
      const kind = /secret/i.test(path) ? "--secret" : "--plaintext";
      await pulumi("config", "set", ...place, kind, "--path", path, value);
    },
    outputs: async () =>
      (await stored("output", "--json", "--show-secrets")) as Record<string, unknown>,
    resources: async () =>
      ((await stored("export")) as { deployment: { resources?: StoredResource[] } }).deployment
        .resources ?? [],
  };
}

/**
 * `pulumi stack init` writes the stack's salt next to Pulumi.yaml, so it runs next to a copy of that file.
 *
 * @returns the file of the stack's configuration
 */
async function createStack(directory: string, temporary: string, environment: NodeJS.ProcessEnv) {
  const project = join(temporary, "project");
  mkdirSync(project);
  mkdirSync(join(temporary, "state"));
  writeFileSync(join(project, "Pulumi.yaml"), readFileSync(join(directory, "Pulumi.yaml")));
  const init = ["--non-interactive", "stack", "init", stack];
  requireSuccess(await run("pulumi", init, project, environment));
  return join(project, `Pulumi.${stack}.yaml`);
}

/** The flags of a run that changes something without a question. */
export const unattended = ["--yes", "--skip-preview"] as const;
