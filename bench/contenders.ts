import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createEmulator, type EmulatorOptions } from "../emulator";
import { createStack, requireSuccess, settingsOf, type Stack } from "../test/engine/harness";
import { floorModule, floorProgram, ourProgram } from "./programs";

/** One way of doing the same work, ready to be run again and again. */
export interface Contender {
  name: string;
  /** Runs `pulumi` with these words. */
  pulumi(words: string[]): Promise<void>;
  /** Requests that arrived since the last call, by operation. */
  requests(): Record<string, number>;
  end(): Promise<void>;
}

/** Checkpoints are the file backend's; without them its rewriting of the whole state isn't measured. */
const withoutCheckpoints = { PULUMI_EXPERIMENTAL: "1", PULUMI_SKIP_CHECKPOINTS: "1" };

/** What both contenders are measured with. */
export interface Options {
  tenants: number;
  delayMs: number;
  checkpoints: boolean;
}

/** Opens the package on an emulated cluster. */
export async function openOurs(
  { tenants, ...options }: Options,
  assumptions: NonNullable<EmulatorOptions["assumptions"]> = {},
  name = "pulumi-ostor",
): Promise<Contender> {
  const emulator = createEmulator({ seed: 1, delayMs: options.delayMs, assumptions });
  await emulator.start();
  const stack = await createStack();
  await stack.config(settingsOf(emulator));
  stack.program(ourProgram(tenants));
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
export async function openFloor({ tenants, ...options }: Options): Promise<Contender> {
  const stack = await createStack();
  linkFloor(join(stack.directory, "project"));
  stack.program(floorProgram(tenants));
  return {
    ...contender("floor", stack, options),
    requests: () => ({}),
    end: () => {
      stack.remove();
      return Promise.resolve();
    },
  };
}

function contender(name: string, stack: Stack, { checkpoints }: Pick<Options, "checkpoints">) {
  return {
    name,
    async pulumi(words: string[]) {
      requireSuccess(await stack.pulumi(words, checkpoints ? {} : withoutCheckpoints));
    },
  };
}

/** The checkout's modules, and the floor's provider beside them under a name of one letter. */
function linkFloor(project: string): void {
  const all = resolve(__dirname, "..", "node_modules");
  const modules = join(project, "node_modules");
  rmSync(modules);
  mkdirSync(join(modules, "f"), { recursive: true });
  for (const entry of readdirSync(all)) symlinkSync(join(all, entry), join(modules, entry));
  const line = `module.exports = require(${JSON.stringify(floorModule)});\n`;
  writeFileSync(join(modules, "f", "index.js"), line);
}
