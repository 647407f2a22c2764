import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AccessKey, Cluster, Emulator } from "../../emulator";
import { requireSuccess, useCluster, type Run, type Stack } from "./harness";
import {
  outsideAfterDestroy,
  rotatedKeys,
  settledKeys,
  settledProgram,
  settledValues,
} from "./settledStack";
import { emulated, expectedUsers, fixtures, importStored, renew, usersOf } from "./storedStack";
import { finishedKeys, unfinishedKeys, unfinishedLeft, unfinishedProgram } from "./unfinishedStack";

const stored = (kind: string) =>
  readdirSync(fixtures).filter((name) => name.startsWith("states-") && name.includes(`-${kind}.`));

const byId = (keys: AccessKey[]) => keys.sort((a, b) => a.accessKeyId.localeCompare(b.accessKeyId));
const keysOf = (cluster: Cluster) => byId(cluster.users().flatMap((user) => user.accessKeys));

/** The keys that the program exports. */
async function exportedKeys(stack: Stack): Promise<AccessKey[]> {
  return byId((await stack.outputs())["keys"] as AccessKey[]);
}

/** The operations since the last call, without reads. */
function writes(emulator: Emulator): string[] {
  const operations = emulator.requests.map(({ operation }) => operation);
  emulator.clearRequests();
  return operations.filter((operation) => !/^(get|list)/.test(operation));
}

describe("stored stacks", () => {
  const secrets = [settledKeys, unfinishedKeys]
    .flatMap((keys) => expectedUsers(keys).flatMap(({ accessKeys }) => accessKeys))
    .map(({ secretAccessKey }) => secretAccessKey);

  for (const name of [...stored("settled"), ...stored("unfinished")]) {
    it(`${name} contains no secret in plain text and no path or port of a machine`, () => {
      const text = readFileSync(join(fixtures, name), "utf8");
      assert.deepEqual(
        [...secrets, emulated.secretAccessKey ?? ""].filter((secret) => text.includes(secret)),
        [],
      );
      assert.doesNotMatch(text, /\/(tmp|home|root|work|Users)\/|127\.0\.0\.1:(?!1")/);
    });
  }
});

for (const name of stored("settled")) {
  describe(`${name}, with today's code`, () => {
    const used = useCluster(emulated);
    const restore = () => importStored(used.stack, name, used.emulator.endpoint);
    const declare = (values = settledValues) => {
      used.stack.program(settledProgram(used.emulator, values));
    };

    it("is refreshed and updated without a change", async () => {
      await renew(used, settledKeys);
      declare();
      await restore();
      assert.deepEqual(await exportedKeys(used.stack), keysOf(used.emulator.cluster));
      requireSuccess(await used.stack.up("--refresh", "--expect-no-changes"));
      assert.deepEqual(writes(used.emulator), []);
      assert.deepEqual(await exportedKeys(used.stack), keysOf(used.emulator.cluster));
    });

    it("is destroyed from its state alone, including what it adopted, but nothing outside", async () => {
      await restore();
      requireSuccess(await used.stack.destroy());
      assert.deepEqual(usersOf(used.emulator.cluster), expectedUsers(outsideAfterDestroy));
      assert.deepEqual(await used.stack.resources(), []);
    });

    it("is changed and rotated", async () => {
      await renew(used, settledKeys);
      declare({ step: 3, every: "30d", state: "disabled", keepers: "3" });
      await restore();
      requireSuccess(await used.stack.up());
      const { cluster } = used.emulator;
      assert.deepEqual(usersOf(cluster), expectedUsers(rotatedKeys));
      const disabled = cluster.users().filter(({ state }) => state === "disabled");
      assert.deepEqual(disabled.map(({ emailAddress }) => emailAddress.split("@")[0]).sort(), [
        "explicit",
        "kept",
        "named",
      ]);
      assert.deepEqual(await exportedKeys(used.stack), keysOf(cluster));
    });
  });
}

for (const name of stored("unfinished")) {
  describe(`${name}, with today's code`, () => {
    const used = useCluster(emulated);
    const restore = () => importStored(used.stack, name, used.emulator.endpoint);
    let first: Run;

    it("is completed by the next up, which names what the engine did not record", async () => {
      await renew(used, unfinishedKeys);
      used.stack.program(unfinishedProgram(4));
      await restore();
      first = await used.stack.up("--continue-on-error");
      assert.notEqual(first.code, 0);
      assert.match(first.output, /with 4 pending operations/);
      const { cluster } = used.emulator;
      assert.deepEqual(usersOf(cluster), expectedUsers(finishedKeys));
      assert.equal(cluster.user("disabling@acme.example")?.state, "disabled");
      const unfinished = (await used.stack.resources()).filter(({ initErrors }) => initErrors);
      assert.deepEqual(unfinished, []);
    });

    it("converges once the program contains the lines from the messages", async () => {
      const { cluster } = used.emulator;
      const [, user = ""] = /adopt: "(\w{16})"/.exec(first.output) ?? [];
      const [, key = ""] = /adopt: "(\w{20})"/.exec(first.output) ?? [];
      used.stack.program(unfinishedProgram(4, { user, key }));
      requireSuccess(await used.stack.up());
      assert.deepEqual(usersOf(cluster), expectedUsers(finishedKeys));
      requireSuccess(await used.stack.refresh("--clear-pending-creates", "--expect-no-changes"));
    });

    it("contains every key with its secret, except the two whose creation was not recorded", async () => {
      const all = keysOf(used.emulator.cluster).map((key) => JSON.stringify(key));
      const exported = (await exportedKeys(used.stack)).map((key) => JSON.stringify(key));
      const others = all.filter((key) => !exported.includes(key));
      assert.equal(exported.length + others.length, all.length);
      const { output } = await used.stack.command(["orphans", "--json"]);
      const { orphans } = JSON.parse(output) as { orphans: Record<string, string>[] };
      const keys = orphans.filter(({ kind }) => kind === "key");
      const owners = keys.map(({ emailAddress }) => emailAddress).sort();
      assert.deepEqual(owners, ["created@acme.example", "holder@acme.example"]);
      assert.equal(others.length, keys.length);
    });

    it("can be refreshed and destroyed as it is", async () => {
      await renew(used, unfinishedKeys);
      await restore();
      requireSuccess(await used.stack.destroy("--refresh"));
      assert.deepEqual(usersOf(used.emulator.cluster), expectedUsers(unfinishedLeft));
    });
  });
}
