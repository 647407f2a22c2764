import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { requireSuccess, settingsOf, useCluster, type Run } from "./harness";

const program = (state: string, suffix = "") => `
  const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example", state: "${state}", createAccessKey: true });
  const key = new ostor.AccessKey("key", { user: tenant, keepers: { rotated: "${suffix}" }, replaceOrder: "delete-first" });
  const other = new ostor.Tenant("other", { emailAddress: "ops@other.example", rotation: { generation: ${suffix.length} } });
  exports.current = other.rotating.current;
  exports.previous = other.rotating.previous;
  exports.own = tenant.secretAccessKey;
  exports.key = key.secretAccessKey;
  exports.users = ostor.getUsersOutput({ dependsOn: [tenant, key] });`;

describe("secrets", () => {
  const used = useCluster();
  const needles = new Set<string>();
  const printed: string[] = [];
  const loud = ["-v=8", "--logtostderr"];

  /** Keeps what a run printed, and every secret that the cluster has ever held. */
  const watch = async (running: Promise<Run>) => {
    const ended = await running;
    printed.push(ended.output);
    needles.add(used.emulator.credentials.secretAccessKey);
    for (const { accessKeys } of used.emulator.cluster.users()) {
      for (const { secretAccessKey } of accessKeys) needles.add(secretAccessKey);
    }
    return ended;
  };

  /** Where a secret was printed, and how. */
  const linesWith = (needle: string) =>
    printed.flatMap((output, run) =>
      output
        .split("\n")
        .filter((line) => line.includes(needle))
        .map((line) => `run ${run + 1}: ${line.replaceAll(needle, "<needle>").slice(0, 3000)}`),
    );

  it("are nowhere in what runs print, verbose and failing ones included", async () => {
    const { stack, emulator } = used;
    stack.program(program("enabled"));
    requireSuccess(await watch(stack.preview("--diff", ...loud)));
    requireSuccess(await watch(stack.up(...loud)));
    stack.program(program("disabled", "now"));
    requireSuccess(await watch(stack.preview("--diff", ...loud)));
    requireSuccess(await watch(stack.up("--diff", ...loud)));
    requireSuccess(await watch(stack.refresh("--diff", ...loud)));
    emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    stack.program(program("enabled", "again"));
    await watch(stack.up(...loud));
    emulator.failNext({ operation: "getUser", kind: "wrongShape" });
    await watch(stack.refresh(...loud));
    await stack.config({ "ostor:accessKeyId": "NOSUCHKEY" });
    await watch(stack.up(...loud));
    await stack.config({ "ostor:secretAccessKey": `${emulator.credentials.secretAccessKey} ` });
    await watch(stack.preview(...loud));
    await stack.config(settingsOf(emulator));
    assert.ok(needles.size >= 4, `${needles.size} secrets`);
    for (const needle of needles) {
      assert.deepEqual(linesWith(needle), []);
    }
  });

  it("are nowhere in state, its backups and history", () => {
    const files = filesBelow(used.stack.directory);
    assert.ok(
      files.some((file) => file.includes("/backups/")) &&
        files.some((file) => file.includes("/history/")),
    );
    for (const file of files) {
      const text = readFileSync(file, "utf8");
      for (const needle of needles) assert.ok(!text.includes(needle), file);
    }
  });

  it("are nowhere in what destroy prints", async () => {
    requireSuccess(await watch(used.stack.up()));
    requireSuccess(await watch(used.stack.destroy(...loud)));
    for (const needle of needles) assert.deepEqual(linesWith(needle), []);
    for (const file of filesBelow(used.stack.directory)) {
      for (const needle of needles) assert.ok(!readFileSync(file, "utf8").includes(needle), file);
    }
  });
});

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}
