import { appendFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Emulator } from "../../emulator";
import type { Stack } from "./harness";

/** Names the built plugin in the project of every test of a `describe`. */
export function usePlugin(used: { stack: Stack }): void {
  before(() => {
    const path = resolve(__dirname, "../../dist/plugin");
    const plugins = `plugins: { providers: [{ name: ostor, path: ${JSON.stringify(path)} }] }\n`;
    appendFileSync(join(used.stack.directory, "project", "Pulumi.yaml"), plugins);
  });
}

/** The operations since the last call, without reads. */
export function writes(emulator: Emulator): string[] {
  const operations = emulator.requests.map(({ operation }) => operation);
  emulator.clearRequests();
  return operations.filter((operation) => !/^(get|list)/.test(operation));
}
