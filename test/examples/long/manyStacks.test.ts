import assert from "node:assert/strict";
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { useManyStacks } from "../useManyStacks";

describe("the example many-stacks", () => {
  const used = useManyStacks();
  const { emulator } = used;
  const deploy = (...words: string[]) => used.deploy(...words);
  const pulumi = (...words: string[]) => used.pulumi(...words);
  const folder = () => join(used.project(), "tenants");
  const file = (stack: string) => join(folder(), `${stack}.txt`);
  const changes = () => emulator.requests.filter(({ method }) => method !== "GET");
  const unprotect = (stack: string, ...words: string[]) =>
    pulumi("state", "unprotect", "--yes", "--stack", stack, ...words);

  it("does not report a folder without files as a cluster without drift", async () => {
    renameSync(folder(), `${folder()}.kept`);
    mkdirSync(folder());
    const { code, output } = await deploy("drift");
    rmSync(folder(), { recursive: true });
    renameSync(`${folder()}.kept`, folder());
    assert.equal(code, 1, output);
    assert.equal(output, "tenants/ has no file <stack>.txt; nothing was run\n");
  });

  it("creates the tenants of one machine's share, then all", async () => {
    const none = await deploy("up", "--shard", "3/3");
    assert.equal(none.code, 0, none.output);
    assert.equal(none.output, "--shard 3/3 has no stacks\n");
    const share = await deploy("up", "--shard", "2/2");
    assert.equal(share.code, 0, share.output);
    assert.match(share.output, /^cohort-01: done in /);
    assert.equal(emulator.cluster.users().length, 2);
    const all = await deploy("up");
    assert.equal(all.code, 0, all.output);
    const users = emulator.cluster.users();
    assert.deepEqual(
      users.map(({ accessKeys }) => accessKeys.length),
      [1, 1, 1, 1, 1],
    );
  });

  it("finds drift in one stack, and none in the other", async () => {
    assert.equal((await deploy("drift")).code, 0);
    emulator.cluster.setUserState("hooli@storage.example", "disabled");
    const { code, output } = await deploy("drift");
    assert.equal(code, 1);
    assert.match(output, /^cohort-00: done/m);
    assert.match(output, /^cohort-01: failed/m);
  });

  it("moves a tenant to another stack without a change of the tenant", async () => {
    const before = emulator.cluster.users();
    const urns = urnsOf("cohort-01", "umbrella@storage.example");
    await pulumi("state", "move", "--yes", "--source", "cohort-01", "--dest", "cohort-00", ...urns);
    appendFileSync(file("cohort-00"), "umbrella@storage.example\n");
    writeFileSync(file("cohort-01"), "hooli@storage.example\n");
    emulator.clearRequests();
    const { code, output } = await deploy("up");
    assert.equal(code, 0, output);
    assert.deepEqual(
      changes().map(({ operation }) => operation),
      ["enableUser"],
    );
    assert.deepEqual(
      emulator.cluster.users().map(({ userId }) => userId),
      before.map(({ userId }) => userId),
    );
  });

  it("deletes no tenant whose line is missing, and keeps all keys in the stack", async () => {
    const text = readFileSync(file("cohort-00"), "utf8");
    emulator.clearRequests();
    writeFileSync(file("cohort-00"), "");
    const refused = await deploy("up");
    assert.equal(refused.code, 1, refused.output);
    assert.match(refused.output, /cannot be deleted.*protected/s);
    assert.match(refused.output, /^cohort-01: done/m);
    writeFileSync(file("cohort-00"), text);
    // A key that is not in the stack any more would be generated again.
    const { code, output } = await deploy("up");
    assert.equal(code, 0, output);
    assert.deepEqual(changes(), []);
  });

  it("names a stack whose file is missing, for every command and share, before anything runs", async () => {
    renameSync(file("cohort-01"), join(folder(), "cohort-01.TXT"));
    emulator.clearRequests();
    for (const words of [["up"], ["drift", "--shard", "1/2"], ["destroy"]]) {
      const { code, output } = await deploy(...words);
      assert.equal(code, 1, words.join(" "));
      assert.match(output, /^stack cohort-01 has no file tenants\/cohort-01\.txt; [^\n]+\n$/);
      assert.match(
        output,
        /by pulumi state unprotect --all --stack cohort-01, pulumi destroy --stack cohort-01, pulumi stack rm --stack cohort-01$/m,
      );
    }
    renameSync(join(folder(), "cohort-01.TXT"), file("cohort-01"));
    assert.deepEqual(emulator.requests, []);
  });

  it("refuses a tenant that is listed twice, before anything runs", async () => {
    const text = readFileSync(file("cohort-01"), "utf8");
    appendFileSync(file("cohort-01"), "Acme@storage.example\n");
    emulator.clearRequests();
    const { code, output } = await deploy("up");
    writeFileSync(file("cohort-01"), text);
    assert.equal(code, 1);
    assert.match(output, /^Acme@storage\.example is in cohort-00\.txt and cohort-01\.txt\n$/);
    assert.deepEqual(emulator.requests, []);
  });

  it("does not run on all stacks when one is named", async () => {
    emulator.clearRequests();
    const { code, output } = await deploy("destroy", "cohort-00");
    assert.equal(code, 1);
    assert.match(output, /^destroy runs on all stacks or on a --shard, not on cohort-00\n$/);
    assert.deepEqual(emulator.requests, []);
  });

  it("refuses a share or a number that would skip stacks without a message", async () => {
    for (const words of [
      ["--at-once", "0"],
      ["--at-once", "two"],
      ["--shard", "3/2"],
      ["--shards"],
    ]) {
      const { code, output } = await deploy("drift", ...words);
      assert.equal(code, 1, words.join(" "));
      assert.equal(output.trim().split("\n").length, 1, output);
      assert.match(output, /--help|--shard/);
    }
  });

  it("deletes a tenant once user and key are unprotected; a key alone only leaves the stack", async () => {
    const removed = "globex@storage.example";
    const [user = "", key = ""] = urnsOf("cohort-00", removed);
    const lines = readFileSync(file("cohort-00"), "utf8").split("\n");
    writeFileSync(file("cohort-00"), lines.filter((line) => line !== removed).join("\n"));
    emulator.clearRequests();
    await unprotect("cohort-00", key);
    const refused = await deploy("up");
    assert.equal(refused.code, 1, refused.output);
    const { output: state } = await pulumi("stack", "export", "--stack", "cohort-00");
    assert.deepEqual(
      [state.includes(`"${user}"`), state.includes(`"urn": "${key}"`)],
      [true, false],
    );
    assert.deepEqual(changes(), []);
    await unprotect("cohort-00", user);
    const { code, output } = await deploy("up");
    assert.equal(code, 0, output);
    assert.deepEqual(
      changes().map(({ operation }) => operation),
      ["deleteUser"],
    );
    assert.equal(emulator.cluster.users().length, 4);
  });

  it("destroys one stack, then all, once they are unprotected", async () => {
    const refused = await deploy("destroy");
    assert.equal(refused.code, 1, refused.output);
    assert.equal(emulator.cluster.users().length, 4);
    await unprotect("cohort-01", "--all");
    await pulumi("destroy", "--yes", "--skip-preview", "--stack", "cohort-01");
    await pulumi("stack", "rm", "--yes", "cohort-01");
    rmSync(file("cohort-01"));
    assert.equal(emulator.cluster.users().length, 3);
    await unprotect("cohort-00", "--all");
    const { code, output } = await deploy("destroy");
    assert.equal(code, 0, output);
    assert.deepEqual(emulator.cluster.users(), []);
  });
});

const urnsOf = (stack: string, address: string) =>
  ["User", "AccessKey"].map(
    (type) =>
      `urn:pulumi:${stack}::ostor-many-stacks::pulumi-nodejs:dynamic/ostor:${type}::${address}`,
  );
