import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireSuccess, useCluster, type Run, type Stack } from "../harness";

type Used = ReturnType<typeof useCluster>;

/** Users of both states with no, one and two pairs, and buckets of some. */
function fill({ emulator: { cluster } }: Used, count: number): void {
  for (let number = 0; number < count; number += 1) {
    const address = `ops@tenant${number}.example`;
    const [pair] = cluster.createUser(address).accessKeys;
    if (number % 3 === 0) cluster.revokeKey(pair?.accessKeyId ?? "");
    if (number % 3 === 2) cluster.generateKey(address);
    if (number % 5 === 0) cluster.createBucket(`bucket-${number}`, address);
    if (number % 4 === 1) cluster.setUserState(address, "disabled");
  }
}

/** All that the cluster holds, as one text. */
function dump({ emulator: { cluster } }: Used): string {
  return JSON.stringify([cluster.users(), cluster.buckets()]);
}

function written({ emulator }: Used): unknown[] {
  return emulator.requests.filter(({ method }) => method !== "GET");
}

const folder = (stack: Stack) => join(stack.directory, "project", "tenants");

/** Does to the program what docs/adopt.md says. */
function removeAdopt(stack: Stack): void {
  const path = join(folder(stack), "index.ts");
  const text = readFileSync(path, "utf8");
  const without = text.replace(/, adopt: [^ ]+ \}/g, " }");
  assert.notEqual(without, text);
  writeFileSync(path, without);
}

/** What the stack must hold: everything on the cluster, protected. */
async function requireEverything(used: Used): Promise<void> {
  const { cluster } = used.emulator;
  const users = cluster.users();
  const held = (await used.stack.resources()).filter(({ type }) => type.includes("/ostor:"));
  const ids = [
    ...users.map(({ emailAddress }) => emailAddress),
    ...users.flatMap(({ accessKeys }) => accessKeys.map(({ accessKeyId }) => accessKeyId)),
    ...cluster.buckets().map(({ name }) => name),
  ];
  assert.deepEqual(held.map(({ id }) => id).sort(), ids.sort());
  assert(held.every((resource) => "protect" in resource && resource.protect === true));
}

describe("a cluster of 500 users exported as data", () => {
  // Releases 2.x tell nobody that a user is suspended.
  const used = useCluster({ assumptions: { statesShown: true } });
  // Writing the whole state after each of a thousand steps would be all that this measures.
  const quick = { PULUMI_EXPERIMENTAL: "1", PULUMI_SKIP_CHECKPOINTS: "1" };
  let before = "";

  it("is adopted whole, and stays as it was byte by byte", async function () {
    this.timeout(600_000);
    fill(used, 500);
    before = dump(used);
    used.emulator.clearRequests();
    const { code, output } = await used.stack.command(["export", "--format", "json"]);
    assert.equal(code, 0, output);
    assert.match(output, /500 users, 499 keys, 100 buckets of /);
    used.stack.program(`require("../tenants");`);
    requireSuccess(await used.stack.pulumi(["up", "--yes", "--skip-preview"], quick));
    await requireEverything(used);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("shows no diff when adopt is removed", async () => {
    removeAdopt(used.stack);
    requireSuccess(await used.stack.preview("--expect-no-changes"));
    assert.equal(dump(used), before);
    assert.deepEqual(written(used), []);
  });
});

for (const format of ["ts", "import"]) {
  describe(`the secrets of users exported as ${format}`, () => {
    const used = useCluster({ assumptions: { statesShown: true } });
    const printed: string[] = [];
    const loud = ["-v=8", "--logtostderr"];
    let secrets: string[] = [];
    let before = "";

    const watch = async (running: Promise<Run>) => {
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

    it("are nowhere in what is printed, in files, state, backups and history", async () => {
      fill(used, 20);
      before = dump(used);
      const pairs = used.emulator.cluster.users().flatMap(({ accessKeys }) => accessKeys);
      secrets = pairs.map(({ secretAccessKey }) => secretAccessKey);
      assert.equal(secrets.length, 19);
      used.emulator.clearRequests();
      used.stack.program(`require("../tenants");`);
      await watch(used.stack.command(["export"]));
      if (format === "import") {
        await watch(used.stack.command(["export", "--format", "import"]));
        const path = join(folder(used.stack), "import.json");
        assert.equal(statSync(path).mode & 0o777, 0o600);
        assert(secrets.every((secret) => readFileSync(path, "utf8").includes(secret)));
        const words = ["import", "--file", path, "--generate-code=false", "--yes", ...loud];
        await watch(used.stack.pulumi(words));
        rmSync(path);
        await requireEverything(used);
        await watch(used.stack.preview("--refresh", "--diff", "--expect-no-changes", ...loud));
        await watch(used.stack.up("--expect-no-changes", ...loud));
      }
      await watch(used.stack.up(...loud));
      await requireEverything(used);
      await watch(used.stack.preview("--refresh", "--diff", "--expect-no-changes", ...loud));
      requireHidden();
      assert(!existsSync(join(folder(used.stack), "import.json")));
    });

    it("are stored with their keys", async () => {
      const { cluster } = used.emulator;
      const { accessKeys } = cluster.user("ops@tenant1.example") ?? { accessKeys: [] };
      const [pair] = accessKeys;
      const name = `ops-tenant1.example-${pair?.accessKeyId.slice(16) ?? ""}`;
      const outputs = (await used.stack.resource(name))?.outputs ?? {};
      // The CLI shows a secret of state as a text within a text.
      assert.deepEqual(outputs["secretAccessKey"], {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        plaintext: JSON.stringify(pair?.secretAccessKey),
      });
    });

    it("leave the cluster as it was when adopt is removed", async () => {
      removeAdopt(used.stack);
      await watch(used.stack.preview("--expect-no-changes"));
      assert.equal(dump(used), before);
      assert.deepEqual(written(used), []);
    });

    it("stay out of it when a tenant is removed, which takes its protection lifted first", async () => {
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
      for (const urn of its) await watch(used.stack.pulumi(["state", "unprotect", urn, "--yes"]));
      await watch(used.stack.up());
      assert.equal(cluster.user("ops@tenant2.example"), undefined);
      assert.equal(cluster.users().length, 19);
      const sent = used.emulator.requests.filter(({ method }) => method !== "GET");
      assert.deepEqual(
        sent.map(({ operation }) => operation),
        ["deleteUser"],
        "its keys go with it",
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
