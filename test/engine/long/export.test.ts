import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireSuccess, useCluster, type Run, type Stack } from "../harness";

type Used = ReturnType<typeof useCluster>;

/** `export` writes TypeScript. */
const typescript = { runtime: "nodejs" };

/** Creates users of both states with none, one or two keys, some of them with a bucket. */
function fill({ emulator: { cluster } }: Used, count: number): void {
  for (let number = 0; number < count; number += 1) {
    const address = `ops@tenant${number}.example`;
    const [key] = cluster.createUser(address).accessKeys;
    if (number % 3 === 0) cluster.revokeKey(key?.accessKeyId ?? "");
    if (number % 3 === 2) cluster.generateKey(address);
    if (number % 5 === 0) cluster.createBucket(`bucket-${number}`, address);
    if (number % 4 === 1) cluster.setUserState(address, "disabled");
  }
}

/** Everything on the cluster, as one text. */
function dump({ emulator: { cluster } }: Used): string {
  return JSON.stringify([cluster.users(), cluster.buckets()]);
}

function writes({ emulator }: Used): unknown[] {
  return emulator.requests.filter(({ method }) => method !== "GET");
}

const folder = (stack: Stack) => join(stack.directory, "project", "tenants");

/** Removes `adopt` from the program, as docs/adopt.md describes. */
function removeAdopt(stack: Stack): void {
  const path = join(folder(stack), "index.ts");
  const text = readFileSync(path, "utf8");
  const without = text.replace(/, adopt: [^ ]+ \}/g, " }");
  assert.notEqual(without, text);
  writeFileSync(path, without);
}

/** Fails unless the stack contains everything on the cluster, protected. */
async function requireEverything(used: Used): Promise<void> {
  const { cluster } = used.emulator;
  const users = cluster.users();
  const stored = (await used.stack.resources()).filter(({ type }) => type.includes("/ostor:"));
  const ids = [
    ...users.map(({ emailAddress }) => emailAddress),
    ...users.flatMap(({ accessKeys }) => accessKeys.map(({ accessKeyId }) => accessKeyId)),
    ...cluster.buckets().map(({ name }) => name),
  ];
  assert.deepEqual(stored.map(({ id }) => id).sort(), ids.sort());
  assert(stored.every((resource) => "protect" in resource && resource.protect === true));
}

describe("a cluster of 500 users exported as data", () => {
  // Releases 2.x do not report that a user is suspended.
  const used = useCluster({ assumptions: { statesShown: true } }, typescript);
  // Otherwise nearly all of the time is spent on writing the state after each of a thousand steps.
  const quick = { PULUMI_EXPERIMENTAL: "1", PULUMI_SKIP_CHECKPOINTS: "1" };
  let before = "";

  it("is adopted completely, and stays the same byte for byte", async function () {
    this.timeout(600_000);
    fill(used, 500);
    before = dump(used);
    used.emulator.clearRequests();
    const { code, output } = await used.stack.command(["export", "--format", "json"]);
    assert.equal(code, 0, output);
    assert.match(output, /500 users, 499 keys, 100 buckets of /);
    used.stack.program(`require("./tenants");`);
    requireSuccess(await used.stack.pulumi(["up", "--yes", "--skip-preview"], quick));
    await requireEverything(used);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("has no diff when adopt is removed", async () => {
    removeAdopt(used.stack);
    requireSuccess(await used.stack.preview("--expect-no-changes"));
    assert.equal(dump(used), before);
    assert.deepEqual(writes(used), []);
  });
});

for (const format of ["ts", "import"]) {
  describe(`the secrets of users exported as ${format}`, () => {
    const used = useCluster({ assumptions: { statesShown: true } }, typescript);
    const printed: string[] = [];
    const verbose = ["-v=8", "--logtostderr"];
    let secrets: string[] = [];
    let before = "";

    const record = async (running: Promise<Run>) => {
      const ended = await running;
      printed.push(ended.output);
      return requireSuccess(ended).output;
    };
    const requireHidden = () => {
      const files = filesBelow(used.stack.directory);
      for (const part of ["/backups/", "/history/", "/tenants/"]) {
        assert(
          files.some((file) => file.includes(part)),
          part,
        );
      }
      const texts = [...printed, ...files.map((file) => readFileSync(file, "utf8"))];
      for (const secret of secrets) assert(!texts.some((text) => text.includes(secret)));
    };

    it("do not appear in output, files, state, backups and history", async () => {
      fill(used, 20);
      before = dump(used);
      const keys = used.emulator.cluster.users().flatMap(({ accessKeys }) => accessKeys);
      secrets = keys.map(({ secretAccessKey }) => secretAccessKey);
      assert.equal(secrets.length, 19);
      used.emulator.clearRequests();
      used.stack.program(`require("./tenants");`);
      await record(used.stack.command(["export"]));
      if (format === "import") {
        await record(used.stack.command(["export", "--format", "import"]));
        const path = join(folder(used.stack), "import.json");
        assert.equal(statSync(path).mode & 0o777, 0o600);
        assert(secrets.every((secret) => readFileSync(path, "utf8").includes(secret)));
        const words = ["import", "--file", path, "--generate-code=false", "--yes", ...verbose];
        await record(used.stack.pulumi(words));
        rmSync(path);
        await requireEverything(used);
        await record(used.stack.preview("--refresh", "--diff", "--expect-no-changes", ...verbose));
        await record(used.stack.up("--expect-no-changes", ...verbose));
      }
      await record(used.stack.up(...verbose));
      await requireEverything(used);
      await record(used.stack.preview("--refresh", "--diff", "--expect-no-changes", ...verbose));
      requireHidden();
      assert(!existsSync(join(folder(used.stack), "import.json")));
    });

    it("are stored with their keys", async () => {
      const { cluster } = used.emulator;
      const { accessKeys } = cluster.user("ops@tenant1.example") ?? { accessKeys: [] };
      const [key] = accessKeys;
      const name = `ops-tenant1.example-${key?.accessKeyId.slice(16) ?? ""}`;
      const outputs = (await used.stack.resource(name))?.outputs ?? {};
      // The CLI prints a secret of the state as a text within a text.
      assert.deepEqual(outputs["secretAccessKey"], {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        plaintext: JSON.stringify(key?.secretAccessKey),
      });
    });

    it("stay unchanged on the cluster when adopt is removed", async () => {
      removeAdopt(used.stack);
      await record(used.stack.preview("--expect-no-changes"));
      assert.equal(dump(used), before);
      assert.deepEqual(writes(used), []);
    });

    it("do not appear when a tenant is removed, which must be unprotected first", async () => {
      const { cluster } = used.emulator;
      const path = join(folder(used.stack), "index.ts");
      // It has two keys and no bucket.
      const statements = readFileSync(path, "utf8").split("\n\n");
      const kept = statements.filter((text) => !text.includes('"ops@tenant2.example"'));
      assert.equal(kept.length, statements.length - 1);
      writeFileSync(path, kept.join("\n\n"));
      const refused = await used.stack.up();
      printed.push(refused.output);
      assert.notEqual(refused.code, 0);
      assert.match(refused.output, /protect/);
      assert.equal(dump(used), before);
      const urns = (await used.stack.resources()).map(({ urn }) => urn);
      const its = urns.filter((urn) => urn.includes("::ops-tenant2.example"));
      assert.equal(its.length, 3);
      for (const urn of its) await record(used.stack.pulumi(["state", "unprotect", urn, "--yes"]));
      await record(used.stack.up());
      assert.equal(cluster.user("ops@tenant2.example"), undefined);
      assert.equal(cluster.users().length, 19);
      const sent = used.emulator.requests.filter(({ method }) => method !== "GET");
      assert.deepEqual(
        sent.map(({ operation }) => operation),
        ["deleteUser"],
        "its keys are deleted with it",
      );
      const destroyed = await used.stack.destroy();
      assert.notEqual(destroyed.code, 0);
      assert.equal(cluster.users().length, 19);
      requireHidden();
    });
  });
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}
