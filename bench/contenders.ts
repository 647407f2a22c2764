import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { createEmulator, type EmulatorOptions } from "../emulator";
import { createStack, requireSuccess, settingsOf, type Stack } from "../test/engine/harness";
import { measureCpu } from "./cpu";
import { documentedProgram } from "./documented";
import { baselineModule, baselineProgram, ourProgram } from "./programs";

/** One implementation of the same work, on its own stack. */
export interface Contender {
  name: string;
  /** Runs `pulumi` with these arguments. */
  pulumi(args: string[]): Promise<void>;
  /** Runs this package's own command line. */
  command(words: string[]): Promise<void>;
  /** Requests that the service received since the last call, by operation. */
  requests(): Record<string, number>;
  /** The peak memory since the last call. */
  peaks(): Peaks;
  /** The processor time of all processes of the runs since the last call, in seconds. */
  cpu(): number;
  /** The size of the stored state. */
  stateBytes(): number;
  close(): Promise<void>;
}

/** Peak memory of the dynamic host or the plugin, and of the program or command, in MiB; 0 if there is none. */
export interface Peaks {
  host: number;
  program: number;
}

/** The settings of a measurement. */
export interface Options {
  tenants: number;
  delayMs: number;
  /** Without checkpoints, the time in which the file backend rewrites the state is not measured. */
  checkpoints: boolean;
  /** Another checkout of the package to measure, built and with its dependencies. */
  against?: string;
}

const withoutCheckpoints = { PULUMI_EXPERIMENTAL: "1", PULUMI_SKIP_CHECKPOINTS: "1" };
/** Ten thousand tenants take many minutes. */
const timeoutMs = 3_600_000;
/** With the TypeScript loader, as in most programs. */
const stackOptions = { timeoutMs, runtime: "nodejs" };

type Assumptions = NonNullable<EmulatorOptions["assumptions"]>;

/** Opens the package on an emulated cluster. */
export function openOurs(options: Options, assumptions: Assumptions = {}, name = "pulumi-ostor") {
  return onCluster(name, ourProgram(options.tenants), options, assumptions);
}

/** Opens the same program with the plugin instead of the dynamic provider. */
export async function openPlugin(options: Options): Promise<Contender> {
  const program = `ostor.usePlugin();\n${ourProgram(options.tenants)}`;
  const path = resolve(__dirname, "..", "dist", "plugin");
  const plugins = `plugins: { providers: [{ name: ostor, path: ${JSON.stringify(path)} }] }\n`;
  return onCluster("plugin", program, options, {}, { plugins });
}

/** Opens the package of another checkout, to compare a change with the version before it. */
export function openOther(options: Options, checkout: string): Promise<Contender> {
  return onCluster("the other checkout", ourProgram(options.tenants), options, {}, { checkout });
}

/** Opens a provider that is written as in Pulumi's documentation. */
export function openDocumented(options: Options): Promise<Contender> {
  return onCluster("as documented", documentedProgram(options.tenants), options);
}

async function onCluster(
  name: string,
  program: string,
  options: Options,
  assumptions: Assumptions = {},
  { checkout, plugins = "" }: { checkout?: string; plugins?: string } = {},
): Promise<Contender> {
  const emulator = createEmulator({ seed: 1, delayMs: options.delayMs, assumptions });
  await emulator.start();
  const stack = await createStack(stackOptions);
  if (checkout) useModulesOf(checkout, join(stack.directory, "project"));
  appendFileSync(join(stack.directory, "project", "Pulumi.yaml"), plugins);
  await stack.config(settingsOf(emulator));
  stack.program(program);
  return {
    ...contender(name, stack, options),
    requests() {
      const counts: Record<string, number> = {};
      for (const { operation } of emulator.requests) {
        counts[operation] = (counts[operation] ?? 0) + 1;
      }
      emulator.clearRequests();
      return counts;
    },
    async close() {
      stack.remove();
      await emulator.stop();
    },
  };
}

/** Opens the same number of resources of a provider that does nothing. */
export async function openBaseline(options: Options): Promise<Contender> {
  const stack = await createStack(stackOptions);
  linkBaseline(join(stack.directory, "project"));
  stack.program(baselineProgram(options.tenants));
  return contender("baseline", stack, options);
}

/** Opens a program of one line without resources. */
export async function openEmpty(name: string, line: string): Promise<Contender> {
  const stack = await createStack(stackOptions);
  writeFileSync(join(stack.directory, "project", "index.js"), `${line}\n`);
  return contender(name, stack, { checkpoints: false });
}

function contender(
  name: string,
  stack: Stack,
  { checkpoints }: Pick<Options, "checkpoints">,
): Contender {
  const peaks = join(stack.directory, "peaks");
  const cpu = measureCpu(stack.directory);
  const environment = {
    ...(checkpoints ? {} : withoutCheckpoints),
    // Programs of ten thousand tenants need almost the 4 GiB that Node allows by default.
    NODE_OPTIONS: `--max-old-space-size=8192 --require=${join(__dirname, "peak.js")}`,
    BENCH_PEAKS: peaks,
    ...cpu.environment,
  };
  return {
    name,
    async pulumi(args: string[]) {
      requireSuccess(await stack.pulumi(args, environment));
    },
    async command(words: string[]) {
      requireSuccess(await stack.command(words, environment));
    },
    requests: () => ({}),
    cpu: () => cpu.seconds(),
    stateBytes: () => stateBytes(stack.directory),
    peaks() {
      writeFileSync(peaks, "", { flag: "a" });
      const lines = readFileSync(peaks, "utf8").split("\n");
      rmSync(peaks);
      const peakOf = (role: string) =>
        Math.max(0, ...lines.map((line) => kibibytesOf(line, role))) / 1024;
      const host = Math.max(peakOf("dynamic-provider"), peakOf("pulumi-resource-ostor"));
      return { host, program: Math.max(peakOf("run"), peakOf("cli")) };
    },
    close: () => {
      stack.remove();
      return Promise.resolve();
    },
  };
}

/** The file backend stores each stack in one file, and next to it the copy before the last run. */
function stateBytes(directory: string): number {
  const folder = join(directory, "state", ".pulumi", "stacks");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const state = files.find((file) => file.endsWith("dev.json"));
  return state === undefined ? 0 : statSync(join(folder, state)).size;
}

function kibibytesOf(line: string, role: string): number {
  const [name, kibibytes] = line.split(" ");
  return name === role ? Number(kibibytes) : 0;
}

function useModulesOf(checkout: string, project: string): void {
  const modules = join(project, "node_modules");
  rmSync(modules);
  symlinkSync(resolve(checkout, "node_modules"), modules);
}

/** Links the modules of the checkout, and the provider of the baseline under a name of one letter. */
function linkBaseline(project: string): void {
  const all = resolve(__dirname, "..", "node_modules");
  const modules = join(project, "node_modules");
  rmSync(modules);
  mkdirSync(join(modules, "f"), { recursive: true });
  for (const entry of readdirSync(all)) symlinkSync(join(all, entry), join(modules, entry));
  const line = `module.exports = require(${JSON.stringify(baselineModule)});\n`;
  writeFileSync(join(modules, "f", "index.js"), line);
}
