import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../emulator";
import type { Run, Stack } from "./harness";

/** The most that the engine prints without its own messages to providers, which contain secrets. */
export const verbose = ["-v=8", "--logtostderr"];

/** Two tenants with every kind of key and every output that holds a secret. */
export const secretProgram = (state: string, suffix = "") => `
  const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example", state: "${state}", createAccessKey: true });
  const key = new ostor.AccessKey("key", { user: tenant, keepers: { rotated: "${suffix}" }, replaceOrder: "delete-first" });
  const other = new ostor.Tenant("other", { emailAddress: "ops@other.example", rotation: { generation: ${suffix.length} } });
  exports.current = other.rotating.current;
  exports.previous = other.rotating.previous;
  exports.own = tenant.secretAccessKey;
  exports.key = key.secretAccessKey;
  exports.users = ostor.getUsersOutput({ dependsOn: [tenant, key] });`;

/** Records what runs print, and every secret that the cluster has held. */
export function watchSecrets(used: { emulator: Emulator; stack: Stack }) {
  const secrets = new Set<string>();
  const printed: string[] = [];
  return {
    async record(running: Promise<Run>): Promise<Run> {
      const ended = await running;
      printed.push(ended.output);
      secrets.add(used.emulator.credentials.secretAccessKey);
      for (const { accessKeys } of used.emulator.cluster.users()) {
        for (const { secretAccessKey } of accessKeys) secrets.add(secretAccessKey);
      }
      return ended;
    },
    assertNotPrinted() {
      assert.ok(secrets.size >= 4, `${secrets.size} secrets`);
      for (const secret of secrets) assert.deepEqual(linesWith(printed, secret), []);
    },
    /** State, its backups and its history. */
    assertNotStored() {
      const files = filesBelow(used.stack.directory);
      for (const kind of ["/backups/", "/history/"]) {
        assert.ok(
          files.some((file) => file.includes(kind)),
          kind,
        );
      }
      for (const file of files) {
        const text = readFileSync(file, "utf8");
        for (const secret of secrets) assert.ok(!text.includes(secret), file);
      }
    },
  };
}

/** The printed lines that contain a secret, each with its run. */
function linesWith(printed: string[], secret: string): string[] {
  return printed.flatMap((output, run) =>
    output
      .split("\n")
      .filter((line) => line.includes(secret))
      .map((line) => `run ${run + 1}: ${line.replaceAll(secret, "<secret>").slice(0, 3000)}`),
  );
}

/** `recursive` of newer Node.js follows links, and the project links to the checkout, which contains a link to itself. */
function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}
