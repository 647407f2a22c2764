import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createEmulator, type AccessKey, type Emulator } from "../../emulator";
import { firstKey } from "./client";
import { pythonWithAws } from "./python";

const run = promisify(execFile);
const address = "client@example.com";

describe("AWS's own tools, as an owner of buckets uses them", () => {
  let [python, folder] = ["", ""];
  let emulator: Emulator;
  let pair: AccessKey;

  before(async function () {
    this.timeout(300_000);
    try {
      python = await pythonWithAws();
    } catch (error) {
      console.log(`      skipped: ${error instanceof Error ? error.message : String(error)}`);
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-aws-"));
  });
  beforeEach(async () => {
    emulator = createEmulator();
    await emulator.start();
    emulator.cluster.createUser(address);
    pair = firstKey(emulator, address);
  });
  afterEach(() => emulator.stop());
  after(() => {
    if (folder !== "") rmSync(folder, { recursive: true });
  });

  for (const [title, version] of [
    ["Version 4", "s3v4"],
    ["Version 2", "s3"],
  ] as const) {
    it(`boto3 makes, fills, lists and empties a bucket with ${title}`, async () => {
      const story = join(__dirname, "boto3Story.py");
      const { accessKeyId, secretAccessKey } = pair;
      const words = [emulator.endpoint, accessKeyId, secretAccessKey, version];
      const { stdout } = await run(python, [story, ...words]);
      assert.equal(stdout, "done\n");
      assert.deepEqual(emulator.cluster.buckets(), []);
    });
  }

  /** A call of the command line; nobody's own configuration gets into it. */
  const aws = (...words: string[]) =>
    run(python, ["-m", "awscli", "--endpoint-url", emulator.endpoint, "s3", ...words], {
      cwd: folder,
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        AWS_ACCESS_KEY_ID: pair.accessKeyId,
        AWS_SECRET_ACCESS_KEY: pair.secretAccessKey,
        AWS_DEFAULT_REGION: "us-east-1",
      },
    });

  it("aws s3 makes a bucket, copies, lists, and removes all by force alone", async () => {
    writeFileSync(join(folder, "file.txt"), "content\n");
    await aws("mb", "s3://inventory");
    await aws("cp", "file.txt", "s3://inventory/a/file.txt");
    assert.match((await aws("ls", "s3://inventory", "--recursive")).stdout, / 8 a\/file\.txt\n$/);
    assert.equal((await aws("cp", "s3://inventory/a/file.txt", "-")).stdout, "content\n");
    await assert.rejects(aws("rb", "s3://inventory"), /BucketNotEmpty/);
    assert.equal(emulator.cluster.buckets().length, 1);
    await aws("rb", "--force", "s3://inventory");
    assert.deepEqual(emulator.cluster.buckets(), []);
  });

  it("aws s3 is refused with AccessDenied while its owner is disabled", async () => {
    await aws("mb", "s3://inventory");
    emulator.cluster.setUserState(address, "disabled");
    await assert.rejects(aws("ls", "s3://inventory"), /AccessDenied/);
    emulator.cluster.setUserState(address, "enabled");
    await aws("ls", "s3://inventory");
  });
});
