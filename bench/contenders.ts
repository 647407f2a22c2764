import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createEmulator, type EmulatorOptions } from "../emulator";
import { createStack, requireSuccess, settingsOf, type Stack } from "../test/engine/harness";
import { naiveProgram } from "./naive";
import { baselineModule, baselineProgram, ourProgram } from "./programs";

/** One way of doing the same work, ready to be run again and again. */
export interface Contender {
  name: string;
  /** Runs `pulumi` with these words. */
  pulumi(words: string[]): Promise<void>;
  /** Requests that arrived since the last call, by operation. */
  requests(): Record<string, number>;
  /** The most memory that a dynamic host and a program took since the last call, in MiB; 0 without one. */
  peaks(): Peaks;
  end(): Promise<void>;
}

/** Memory in MiB. */
export interface Peaks {
  host: number;
  program: number;
}

/** What contenders are measured with. */
export interface Options {
  tenants: number;
  delayMs: number;
  /** Without them the file backend's rewriting of the whole state isn't measured. */
  checkpoints: boolean;
  /** Another checkout of the package, built, with its dependencies: measured as well. */
  against?: string;
}

const withoutCheckpoints = { PULUMI_EXPERIMENTAL: "1", PULUMI_SKIP_CHECKPOINTS: "1" };
/** Ten thousand tenants take many minutes. */
const longestMs = 3_600_000;
/** With the TypeScript loader, as most programs are. */
const asUsed = { timeoutMs: longestMs, runtime: "nodejs" };

type Assumptions = NonNullable<EmulatorOptions["assumptions"]>;

/** Opens the package on an emulated cluster. */
export function openOurs(options: Options, assumptions: Assumptions = {}, name = "pulumi-ostor") {
  return onCluster(name, ourProgram(options.tenants), options, assumptions);
}

/** Opens the package of another checkout, to compare a change with what was before it. */
export function openOther(options: Options, checkout: string): Promise<Contender> {
  return onCluster("the other checkout", ourProgram(options.tenants), options, {}, checkout);
}

/** Opens the provider that Pulumi's documentation leads to. */
export function openNaive(options: Options): Promise<Contender> {
  return onCluster("as documented", naiveProgram(options.tenants), options);
}

async function onCluster(
  name: string,
  program: string,
  options: Options,
  assumptions: Assumptions = {},
  checkout?: string,
): Promise<Contender> {
  const emulator = createEmulator({ seed: 1, delayMs: options.delayMs, assumptions });
  await emulator.start();
  const stack = await createStack(asUsed);
  if (checkout) useModulesOf(checkout, join(stack.directory, "project"));
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
    async end() {
      stack.remove();
      await emulator.stop();
    },
  };
}

/** Opens as many resources of a provider that does nothing. */
export async function openBaseline(options: Options): Promise<Contender> {
  const stack = await createStack(asUsed);
  linkBaseline(join(stack.directory, "project"));
  stack.program(baselineProgram(options.tenants));
  return contender("baseline", stack, options);
}

/** Opens a program of one line without a resource. */
export async function openEmpty(name: string, line: string): Promise<Contender> {
  const stack = await createStack(asUsed);
  writeFileSync(join(stack.directory, "project", "index.js"), `${line}\n`);
  return contender(name, stack, { checkpoints: false });
}

function contender(
  name: string,
  stack: Stack,
  { checkpoints }: Pick<Options, "checkpoints">,
): Contender {
  const peaks = join(stack.directory, "peaks");
  const environment = {
    ...(checkpoints ? {} : withoutCheckpoints),
    // Programs of ten thousand tenants come close to the 4 GiB that Node takes by itself.
    NODE_OPTIONS: `--max-old-space-size=8192 --require=${join(__dirname, "peak.js")}`,
    BENCH_PEAKS: peaks,
  };
  return {
    name,
    async pulumi(words: string[]) {
      requireSuccess(await stack.pulumi(words, environment));
    },
    requests: () => ({}),
    peaks() {
      writeFileSync(peaks, "", { flag: "a" });
      const lines = readFileSync(peaks, "utf8").split("\n");
      rmSync(peaks);
      const most = (role: string) =>
        Math.max(0, ...lines.map((line) => kibibytesOf(line, role))) / 1024;
      return { host: most("dynamic-provider"), program: most("run") };
    },
    end: () => {
      stack.remove();
      return Promise.resolve();
    },
  };
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

/** The checkout's modules, and the baseline's provider beside them under a name of one letter. */
function linkBaseline(project: string): void {
  const all = resolve(__dirname, "..", "node_modules");
  const modules = join(project, "node_modules");
  rmSync(modules);
  mkdirSync(join(modules, "f"), { recursive: true });
  for (const entry of readdirSync(all)) symlinkSync(join(all, entry), join(modules, entry));
  const line = `module.exports = require(${JSON.stringify(baselineModule)});\n`;
  writeFileSync(join(modules, "f", "index.js"), line);
}
