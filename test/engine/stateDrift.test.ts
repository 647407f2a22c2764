import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireSuccess, useCluster, type Stack } from "./harness";

const program = `
const suspended = new ostor.User("suspended", { emailAddress: "suspended@x.example" });
new ostor.AccessKey("suspended-key", { user: suspended });
new ostor.User("deleted", { emailAddress: "deleted@x.example" });
const fine = new ostor.User("fine", { emailAddress: "fine@x.example", createAccessKey: true });
new ostor.AccessKey("fine-key", { user: fine });
new ostor.User("flagged", { emailAddress: "flagged@x.example" });`;

/** The rows of a report, each on a line. */
function rowsOf(json: string): string[] {
  const { drift } = JSON.parse(json) as { drift: object[] };
  return drift.map((row) => JSON.stringify(row));
}

/** The rows of the report without a file, and of the event log of a refresh. */
async function reportsOf(stack: Stack) {
  const fast = await stack.command(["drift", "--json"]);
  const log = join(stack.directory, "drift.log");
  const words = ["refresh", "--preview-only", "--event-log", log];
  requireSuccess(await stack.pulumi(words, { PULUMI_DEBUG_COMMANDS: "true" }));
  const logged = await stack.command(["drift", "--json", log]);
  return { fast, rows: { fast: rowsOf(fast.output), logged: rowsOf(logged.output) } };
}

/** Gives a stored user other flags, as if the service had changed them since. */
async function setStoredFlags(stack: Stack, address: string, flags: string[]): Promise<void> {
  const file = join(stack.directory, "state.json");
  requireSuccess(await stack.pulumi(["stack", "export", "--file", file]));
  const state = JSON.parse(readFileSync(file, "utf8")) as {
    deployment: { resources: { id?: string; outputs?: object }[] };
  };
  const user = state.deployment.resources.find(({ id }) => id === address);
  Object.assign(user?.outputs ?? {}, { flags });
  writeFileSync(file, JSON.stringify(state));
  requireSuccess(await stack.pulumi(["stack", "import", "--file", file]));
}

describe("pulumi-ostor drift of a stack of the engine", function () {
  this.timeout(300_000);
  const used = useCluster();

  it("agrees with the event log of a refresh, line by line", async () => {
    const { stack, emulator } = used;
    stack.program(program);
    requireSuccess(await stack.up());
    const same = await stack.command(["drift"]);
    assert.equal(same.code, 0, same.output);
    assert.match(same.output, /^No drift: 6 resources of stack dev compared with the cluster\n/);
    emulator.cluster.setUserState("suspended@x.example", "disabled");
    emulator.cluster.deleteUser("deleted@x.example");
    await setStoredFlags(stack, "flagged@x.example", ["trial"]);
    const { fast, rows } = await reportsOf(stack);
    assert.equal(fast.code, 7, fast.output);
    assert.equal(rows.fast.length, 3, fast.output);
    assert.deepEqual(rows.fast, rows.logged);
  });
});
