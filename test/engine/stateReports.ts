import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireSuccess, type Run, type Stack, type StoredResource } from "./harness";

/** The rows of a report as JSON, each on a line. */
export function rowsOf(json: string): string[] {
  const { drift } = JSON.parse(json) as { drift: object[] };
  return drift.map((row) => JSON.stringify(row));
}

/** The report of a state, and its rows beside those of the event log of a refresh. */
export async function reportsOf(
  stack: Stack,
): Promise<{ fast: Run; rows: { fast: string[]; logged: string[] } }> {
  const fast = await stack.command(["drift", "--json"]);
  const log = join(stack.directory, "drift.log");
  const words = ["refresh", "--preview-only", "--event-log", log];
  requireSuccess(await stack.pulumi(words, { PULUMI_DEBUG_COMMANDS: "true" }));
  const logged = await stack.command(["drift", "--json", log]);
  return { fast, rows: { fast: rowsOf(fast.output), logged: rowsOf(logged.output) } };
}

/** Changes what the stack stores of a user, as if the service had changed it since. */
export async function setStored(stack: Stack, address: string, outputs: object): Promise<void> {
  const file = join(stack.directory, "state.json");
  requireSuccess(await stack.pulumi(["stack", "export", "--file", file]));
  const state = JSON.parse(readFileSync(file, "utf8")) as {
    deployment: { resources: StoredResource[] };
  };
  const user = state.deployment.resources.find(({ id }) => id === address);
  Object.assign(user?.outputs ?? {}, outputs);
  writeFileSync(file, JSON.stringify(state));
  requireSuccess(await stack.pulumi(["stack", "import", "--file", file]));
}
