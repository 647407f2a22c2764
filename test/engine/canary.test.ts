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
  const secrets = new Set<string>();
  const printed: string[] = [];
  const verbose = ["-v=8", "--logtostderr"];

  /** Records the output of a run, and every secret that the cluster has ever held. */
  const record = async (running: Promise<Run>) => {
    const ended = await running;
    printed.push(ended.output);
    secrets.add(used.emulator.credentials.secretAccessKey);
    for (const { accessKeys } of used.emulator.cluster.users()) {
      for (const { secretAccessKey } of accessKeys) secrets.add(secretAccessKey);
    }
    return ended;
  };

  /** The printed lines that contain a secret, each with its run. */
  const linesWith = (secret: string) =>
    printed.flatMap((output, run) =>
      output
        .split("\n")
        .filter((line) => line.includes(secret))
        .map((line) => `run ${run + 1}: ${line.replaceAll(secret, "<secret>").slice(0, 3000)}`),
    );

  it("do not appear in the output of runs, including verbose and failing ones", async () => {
    const { stack, emulator } = used;
    stack.program(program("enabled"));
    requireSuccess(await record(stack.preview("--diff", ...verbose)));
    requireSuccess(await record(stack.up(...verbose)));
    stack.program(program("disabled", "now"));
    requireSuccess(await record(stack.preview("--diff", ...verbose)));
    requireSuccess(await record(stack.up("--diff", ...verbose)));
    requireSuccess(await record(stack.refresh("--diff", ...verbose)));
    emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
    stack.program(program("enabled", "again"));
    await record(stack.up(...verbose));
    emulator.failNext({ operation: "getUser", kind: "wrongShape" });
    await record(stack.refresh(...verbose));
    await stack.config({ "ostor:accessKeyId": "NOSUCHKEY" });
    await record(stack.up(...verbose));
    await stack.config({ "ostor:secretAccessKey": `${emulator.credentials.secretAccessKey} ` });
    await record(stack.preview(...verbose));
    await stack.config(settingsOf(emulator));
    assert.ok(secrets.size >= 4, `${secrets.size} secrets`);
    for (const secret of secrets) {
      assert.deepEqual(linesWith(secret), []);
    }
  });

  it("do not appear in state, its backups and history", () => {
    const files = filesBelow(used.stack.directory);
    assert.ok(
      files.some((file) => file.includes("/backups/")) &&
        files.some((file) => file.includes("/history/")),
    );
    for (const file of files) {
      const text = readFileSync(file, "utf8");
      for (const secret of secrets) assert.ok(!text.includes(secret), file);
    }
  });

  it("do not appear in the output of destroy", async () => {
    requireSuccess(await record(used.stack.up()));
    requireSuccess(await record(used.stack.destroy(...verbose)));
    for (const secret of secrets) assert.deepEqual(linesWith(secret), []);
    for (const file of filesBelow(used.stack.directory)) {
      for (const secret of secrets) assert.ok(!readFileSync(file, "utf8").includes(secret), file);
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
