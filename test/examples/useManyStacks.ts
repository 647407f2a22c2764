import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createEmulator, type Emulator } from "../../emulator";
import { engineEnvironment, requireSuccess, run, type Run } from "../engine/harness";

const root = resolve(__dirname, "../..");

/** A copy of the example many-stacks that runs on an emulator. */
export interface ManyStacks {
  readonly emulator: Emulator;
  /** The copy's folder. */
  project(): string;
  deploy(...words: string[]): Promise<Run>;
  /** Starts it as the leader of a process group, as a shell does. */
  start(...words: string[]): ChildProcess;
  /** Runs the CLI; fails unless it ends with 0. */
  pulumi(...words: string[]): Promise<Run>;
}

/** Gives every test of a `describe` one copy, without stacks at first. */
export function useManyStacks(): ManyStacks {
  const emulator = createEmulator();
  let directory = "";
  let environment: NodeJS.ProcessEnv = {};
  const project = () => join(directory, "project");
  before(async () => {
    await emulator.start();
    directory = mkdtempSync(join(tmpdir(), "pulumi-ostor-example-"));
    cpSync(join(root, "examples/many-stacks"), project(), { recursive: true });
    mkdirSync(join(directory, "state"));
    symlinkSync(join(root, "node_modules"), join(project(), "node_modules"));
    const { accessKeyId, secretAccessKey } = emulator.credentials;
    environment = {
      ...(await engineEnvironment(directory)),
      OSTOR_ENDPOINT: emulator.endpoint,
      OSTOR_ACCESS_KEY_ID: accessKeyId,
      OSTOR_SECRET_ACCESS_KEY: secretAccessKey,
    };
  });
  after(async () => {
    await emulator.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    emulator,
    project,
    deploy: (...words) => run(process.execPath, ["deploy.js", ...words], project(), environment),
    start: (...words) =>
      spawn(process.execPath, ["deploy.js", ...words], {
        ...{ cwd: project(), env: environment, detached: true },
        stdio: ["ignore", "pipe", "pipe"],
      }),
    pulumi: async (...words) =>
      requireSuccess(await run("pulumi", ["--non-interactive", ...words], project(), environment)),
  };
}
