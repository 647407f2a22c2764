import assert from "node:assert/strict";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createEmulator } from "../../emulator";
import { engineEnvironment, requireSuccess, run, type Run } from "../engine/harness";

const root = resolve(__dirname, "../..");

describe("the example many-stacks", () => {
  const emulator = createEmulator();
  let directory = "";
  let deploy: (...words: string[]) => Promise<Run>;
  let pulumi: (...words: string[]) => Promise<Run>;

  before(async () => {
    await emulator.start();
    directory = mkdtempSync(join(tmpdir(), "pulumi-ostor-example-"));
    const project = join(directory, "project");
    cpSync(join(root, "examples/many-stacks"), project, { recursive: true });
    mkdirSync(join(directory, "state"));
    symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
    const { accessKeyId, secretAccessKey } = emulator.credentials;
    const environment = {
      ...(await engineEnvironment(directory)),
      OSTOR_ENDPOINT: emulator.endpoint,
      OSTOR_ACCESS_KEY_ID: accessKeyId,
      OSTOR_SECRET_ACCESS_KEY: secretAccessKey,
    };
    pulumi = async (...words) =>
      requireSuccess(await run("pulumi", ["--non-interactive", ...words], project, environment));
    deploy = (...words) => run(process.execPath, ["deploy.js", ...words], project, environment);
  });
  after(async () => {
    await emulator.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("makes the tenants of one machine's share, then all", async () => {
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

  it("moves a tenant to another stack, and the cluster doesn't notice", async () => {
    const before = emulator.cluster.users();
    const urns = ["User", "AccessKey"].map(
      (type) =>
        `urn:pulumi:cohort-01::ostor-many-stacks::pulumi-nodejs:dynamic/ostor:${type}::umbrella@storage.example`,
    );
    await pulumi("state", "move", "--yes", "--source", "cohort-01", "--dest", "cohort-00", ...urns);
    const file = (stack: string) => join(directory, "project/tenants", `${stack}.txt`);
    appendFileSync(file("cohort-00"), "umbrella@storage.example\n");
    writeFileSync(file("cohort-01"), "hooli@storage.example\n");
    emulator.clearRequests();
    const { code, output } = await deploy("up");
    assert.equal(code, 0, output);
    const changes = emulator.requests.filter(({ method }) => method !== "GET");
    assert.deepEqual(
      changes.map(({ operation }) => operation),
      ["enableUser"],
    );
    assert.deepEqual(
      emulator.cluster.users().map(({ userId }) => userId),
      before.map(({ userId }) => userId),
    );
  });

  it("refuses a tenant that stands twice, before anything runs", async () => {
    const file = join(directory, "project/tenants/cohort-01.txt");
    appendFileSync(file, "Acme@storage.example\n");
    emulator.clearRequests();
    const { code, output } = await deploy("up");
    assert.equal(code, 1);
    assert.match(output, /^Acme@storage\.example is in cohort-00\.txt and cohort-01\.txt\n$/);
    assert.deepEqual(emulator.requests, []);
  });

  it("doesn't run on all stacks when one is named", async () => {
    emulator.clearRequests();
    const { code, output } = await deploy("destroy", "cohort-00");
    assert.equal(code, 1);
    assert.match(output, /^destroy takes all stacks, or --shard; not cohort-00\n$/);
    assert.deepEqual(emulator.requests, []);
  });

  it("refuses a share or a number that would leave stacks out silently", async () => {
    for (const words of [
      ["--at-once", "0"],
      ["--at-once", "two"],
      ["--shard", "3/2"],
      ["--shards"],
    ]) {
      const { code, output } = await deploy("drift", ...words);
      assert.equal(code, 1, words.join(" "));
      assert.equal(output.trim().split("\n").length, 1, output);
    }
  });
});
