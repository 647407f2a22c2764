import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  createEmulator,
  profiles,
  type Emulator,
  type EmulatorOptions,
  type Profile,
} from "../../emulator";

/** One run of the CLI: its exit code and its output. */
export interface Run {
  code: number;
  output: string;
}

/** A resource as `pulumi stack export` prints it. */
export interface StoredResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  initErrors?: string[];
}

/** A project with one stack, its own file backend and its own home, in a temporary folder. */
export interface Stack {
  readonly directory: string;
  /** Replaces the program; `ostor` and `pulumi` are already imported. */
  program(text: string): void;
  up(...flags: string[]): Promise<Run>;
  preview(...flags: string[]): Promise<Run>;
  refresh(...flags: string[]): Promise<Run>;
  destroy(...flags: string[]): Promise<Run>;
  /** Sets configuration; names that start with `secret` (after their colon) are stored encrypted. */
  config(values: Record<string, string>): Promise<void>;
  outputs(): Promise<Record<string, unknown>>;
  resources(): Promise<StoredResource[]>;
  /** The stored resource with this name, secrets in plain text. */
  resource(name: string): Promise<StoredResource | undefined>;
  pulumi(flags: string[], environment?: Record<string, string>): Promise<Run>;
  /** Runs this package's own command line in the project, as `npx pulumi-ostor` does. */
  command(words: string[], environment?: Record<string, string>): Promise<Run>;
  /** Starts the CLI without waiting for its end: its process is the engine. */
  start(...flags: string[]): ChildProcess;
  remove(): void;
}

const root = resolve(__dirname, "../..");

/** Runs all of these tests on another generation: `EMULATOR_PROFILE=vhi-7 npm run test:engine`. */
const profile = (process.env["EMULATOR_PROFILE"] ?? "seed") as Profile;

/** Gives every test of a `describe` an emulator and a stack that is configured for it. */
export function useCluster(
  options: EmulatorOptions = {},
  stackOptions: Parameters<typeof createStack>[0] = {},
): { emulator: Emulator; stack: Stack } {
  const used = {} as { emulator: Emulator; stack: Stack };
  before(async function () {
    this.timeout(120_000);
    used.emulator = createEmulator({ profile, ...options });
    await used.emulator.start();
    used.stack = await createStack(stackOptions);
    await used.stack.config(settingsOf(used.emulator));
    const { keysByPut } = profiles[options.profile ?? profile];
    if (keysByPut) await used.stack.config({ "ostor:dialect": "put" });
  });
  after(async () => {
    used.stack.remove();
    await used.emulator.stop();
  });
  return used;
}

/** Configuration that points a stack at an emulator. */
export function settingsOf(emulator: Emulator): Record<string, string> {
  const { accessKeyId, secretAccessKey } = emulator.credentials;
  return {
    "ostor:endpoint": emulator.endpoint,
    "ostor:accessKeyId": accessKeyId,
    "ostor:secretAccessKey": secretAccessKey,
  };
}

/** Test programs are JavaScript, because a run without the TypeScript loader starts faster. */
const plainNode = "{ name: nodejs, options: { typescript: false } }";

/** Creates a project with a stack `dev`. Its programs find the package as in a linked checkout. */
export async function createStack({
  timeoutMs = 240_000,
  runtime = plainNode,
} = {}): Promise<Stack> {
  const directory = mkdtempSync(join(tmpdir(), "pulumi-ostor-engine-"));
  const environment = {
    ...(await engineEnvironment(directory)),
    ...(runtime === plainNode && {
      PULUMI_LANGUAGE_NODEJS_RUN_PATH: join(__dirname, "plainNode.cjs"),
    }),
  };
  const project = join(directory, "project");
  mkdirSync(project);
  mkdirSync(join(directory, "state"));
  const settings = `name: engine\nruntime: ${runtime}\nmain: index.js\n`;
  writeFileSync(join(project, "Pulumi.yaml"), settings);
  writeFileSync(join(project, "package.json"), '{ "name": "engine", "private": true }\n');
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  const stack = stackIn(directory, project, environment, timeoutMs);
  requireSuccess(await stack.pulumi(["stack", "init", "dev"]));
  return stack;
}

/** A stack in an existing project. */
export function stackIn(
  directory: string,
  project: string,
  environment: NodeJS.ProcessEnv,
  timeoutMs: number,
): Stack {
  const pulumi = (flags: string[], more: Record<string, string> = {}) => {
    const words = ["--non-interactive", "--color", "never", ...flags];
    return run("pulumi", words, project, { ...environment, ...more }, timeoutMs);
  };
  const exported = async (...flags: string[]) => {
    const { output } = requireSuccess(await pulumi(["stack", "export", ...flags]));
    return JSON.parse(output) as { deployment: { resources?: StoredResource[] } };
  };
  return {
    directory,
    pulumi,
    command: (words, more = {}) => {
      const flags = [join(root, "dist/cli/index.js"), ...words];
      return run(process.execPath, flags, project, { ...environment, ...more }, timeoutMs);
    },
    start: (...flags) =>
      spawn("pulumi", ["--non-interactive", "--color", "never", ...flags], {
        cwd: project,
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
      }),
    program: (text) => {
      writeFileSync(join(project, "index.js"), `${prologue}\n${text}\n`);
    },
    up: (...flags) => pulumi(["up", "--yes", "--skip-preview", ...flags]),
    preview: (...flags) => pulumi(["preview", ...flags]),
    refresh: (...flags) => pulumi(["refresh", "--yes", "--skip-preview", ...flags]),
    destroy: (...flags) => pulumi(["destroy", "--yes", "--skip-preview", ...flags]),
    async config(values) {
      const words = Object.entries(values).flatMap(([name, value]) => [
        name.includes(":secret") ? "--secret" : "--plaintext",
        `${name}=${value}`,
      ]);
      requireSuccess(await pulumi(["config", "set-all", ...words]));
    },
    async outputs() {
      const { output } = requireSuccess(
        await pulumi(["stack", "output", "--json", "--show-secrets"]),
      );
      return JSON.parse(output) as Record<string, unknown>;
    },
    resources: async () => (await exported()).deployment.resources ?? [],
    async resource(name) {
      const { resources = [] } = (await exported("--show-secrets")).deployment;
      return resources.find(({ urn }) => urn.endsWith(`::${name}`));
    },
    remove: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const prologue = `const pulumi = require("@pulumi/pulumi");
const ostor = require("pulumi-ostor");`;

/** Throws an error with the output of the CLI unless its exit code is 0. */
export function requireSuccess(ended: Run): Run {
  if (ended.code !== 0)
    throw new Error(`pulumi ended with ${ended.code}:\n${ended.output.slice(-20_000)}`);
  return ended;
}

/** The environment that isolates a run: no login, home or `OSTOR_*` variables of the person who runs the tests. */
export async function engineEnvironment(directory: string): Promise<NodeJS.ProcessEnv> {
  const { engineEnv, withoutTypeCheck } = await import("../../scripts/engineEnv.mjs");
  const isolated = engineEnv({
    path: await enginePath(),
    home: join(directory, "home"),
    backend: join(directory, "state"),
    passphrase: "passphrase of a test",
  });
  return { ...isolated, ...withoutTypeCheck };
}

async function enginePath(): Promise<string> {
  const known = process.env["PULUMI_OSTOR_ENGINE_PATH"];
  if (known !== undefined) return known;
  const { findEngine } = await import("../../scripts/engine.mjs");
  return (await findEngine({ log: () => undefined })).path;
}

/** Runs a command and returns its exit code and output, also if it fails. */
export function run(
  command: string,
  flags: string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  timeout = 240_000,
): Promise<Run> {
  return new Promise((settle) => {
    const options = { cwd, env, maxBuffer: 64 * 1024 * 1024, timeout };
    execFile(command, flags, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 255;
      settle({ code, output: `${stdout}${stderr}` });
    });
  });
}
