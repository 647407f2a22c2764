import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { createEmulator, type Emulator } from "../../emulator";
import * as ostor from "../../sdk";
import { useMocks, valueOf } from "./mocks";

const run = promisify(execFile);
const root = resolve(__dirname, "../..");

describe("the data sources under mocks", () => {
  const engine = useMocks();
  const asked = () => engine.calls.map(({ token, inputs }) => [token, inputs as object]);

  it("call mocks.call with their own token", async () => {
    await ostor.getUser({ emailAddress: "ops@acme.example" });
    await ostor.getUsers();
    await ostor.getBucket({ name: "data" });
    await ostor.getBuckets({ user: "ca55631f9f3d59dc" });
    assert.deepEqual(asked(), [
      ["ostor:index:getUser", { emailAddress: "ops@acme.example" }],
      ["ostor:index:getUsers", {}],
      ["ostor:index:getBucket", { name: "data" }],
      ["ostor:index:getBuckets", { user: "ca55631f9f3d59dc" }],
    ]);
  });

  it("return the result of the mock", async () => {
    const user = { emailAddress: "ops@acme.example", flags: [] };
    engine.answers["ostor:index:getUsers"] = { users: [user] };
    assert.deepEqual(await ostor.getUsers(), { users: [user] });
    assert.deepEqual(await valueOf(ostor.getUsersOutput()), { users: [user] });
  });

  it("pass the values of outputs", async () => {
    await valueOf(ostor.getUserOutput({ userId: pulumi.output("ca55631f9f3d59dc") }));
    await valueOf(ostor.getBucketOutput({ name: pulumi.output("data") }));
    assert.deepEqual(asked(), [
      ["ostor:index:getUser", { userId: "ca55631f9f3d59dc" }],
      ["ostor:index:getBucket", { name: "data" }],
    ]);
  });

  it("read the buckets of a User by its id", async () => {
    engine.outputs["pulumi-nodejs:dynamic/ostor:User"] = { userId: "ca55631f9f3d59dc" };
    const user = new ostor.User("acme", { emailAddress: "ops@acme.example" });
    await valueOf(ostor.getBucketsOutput({ user }));
    await valueOf(ostor.getBucketsOutput());
    assert.deepEqual(asked(), [
      ["ostor:index:getBuckets", { user: "ca55631f9f3d59dc" }],
      ["ostor:index:getBuckets", {}],
    ]);
  });
});

describe("the data sources in a program without an engine", () => {
  let emulator: Emulator;
  before(async () => {
    emulator = createEmulator({ seed: 1 });
    await emulator.start();
    emulator.cluster.createUser("ops@acme.example");
    emulator.cluster.createBucket("data", "ops@acme.example");
  });
  after(() => emulator.stop());

  /** Runs a program on the built package. */
  async function print(program: string, environment: Record<string, string>): Promise<unknown> {
    const text = `import * as ostor from "pulumi-ostor"; console.log(JSON.stringify(${program}));`;
    const { stdout } = await run("node", ["--input-type=module", "-e", text], {
      cwd: root,
      env: { PATH: process.env["PATH"], ...environment },
    });
    return JSON.parse(stdout);
  }
  const settings = () => ({
    OSTOR_ENDPOINT: emulator.endpoint,
    OSTOR_ACCESS_KEY_ID: emulator.credentials.accessKeyId,
    OSTOR_SECRET_ACCESS_KEY: emulator.credentials.secretAccessKey,
  });

  it("read the cluster of the environment", async () => {
    const program = `[
      (await ostor.getUser({ emailAddress: "ops@acme.example" })).state,
      (await ostor.getBuckets()).buckets.map(({ name }) => name),
      await ostor.getUser({ userId: "0123456789abcdef" }).catch(({ message }) => message),
    ]`;
    assert.deepEqual(await print(program, settings()), [
      "enabled",
      ["data"],
      "read user 0123456789abcdef: the user does not exist on the cluster [user-not-found]",
    ]);
  });

  it("name each missing setting with its command", async () => {
    const message = await print(`await ostor.getUsers().catch(({ message }) => message)`, {});
    assert.match(
      String(message),
      /^ostor:endpoint is not set; run: pulumi config set ostor:endpoint .* \[invalid-setting\]$/,
    );
  });
});
