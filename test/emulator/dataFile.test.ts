import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createEmulator } from "../../emulator";
import { createClient } from "../../provider/api/client";
import { settingsOf } from "../provider/harness";

const address = "ops@acme.example";

describe("an emulator with a data file", () => {
  let folder: string;
  let dataFile: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-data-"));
    dataFile = join(folder, "cluster.json");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("has the same users, keys, buckets, objects and next ids after a restart", async () => {
    const first = createEmulator({ dataFile });
    first.cluster.createUser(address);
    first.cluster.generateKey(address);
    first.cluster.setUserState(address, "disabled");
    first.cluster.createBucket("data", address);
    first.cluster.putObject("data", "a/b", "hello");
    first.cluster.createUser("gone@acme.example");
    first.cluster.deleteUser("gone@acme.example");
    const held = [first.cluster.users(), first.cluster.buckets(), first.credentials];
    const other = createEmulator({ seed: 1 }).cluster.createUser(address).userId;
    await first.stop();

    const second = createEmulator({ dataFile, seed: 1 });
    assert.deepEqual([second.cluster.users(), second.cluster.buckets(), second.credentials], held);
    second.cluster.deleteUser(address);
    const recreated = second.cluster.createUser(address).userId;
    assert.notEqual(recreated, (held[0] as { userId: string }[])[0]?.userId, "an id is used again");
    assert.notEqual(recreated, other, "ids depend on the stored seed");
    await second.stop();
  });

  it("allows only the owner to read the file, which contains secrets", async () => {
    const emulator = createEmulator({ dataFile });
    emulator.cluster.createUser(address);
    assert.equal(statSync(dataFile).mode & 0o777, 0o600);
    await emulator.stop();
  });

  it("uses the key of its options for the system user", async () => {
    await createEmulator({ dataFile }).stop();
    const key = { accessKeyId: "AK", secretAccessKey: "SK" };
    const emulator = createEmulator({ dataFile, ...key });
    assert.deepEqual(emulator.credentials, key);
    await emulator.stop();
  });

  for (const content of ["", "{", "[]", "null", '{"format":"something else","version":1}']) {
    it(`refuses a file with ${JSON.stringify(content)}, and does not change it`, () => {
      writeFileSync(dataFile, content);
      assert.throws(() => createEmulator({ dataFile }), {
        message: `${dataFile} is not a data file of the emulator; name another file or remove it`,
      });
      assert.equal(readFileSync(dataFile, "utf8"), content);
    });
  }

  it("locks its file until it is stopped, and again when it is restarted", async () => {
    const first = createEmulator({ dataFile });
    const taken = new RegExp(`cluster\\.json is in use by process ${process.pid}$`);
    assert.throws(() => createEmulator({ dataFile }), taken);
    await first.stop();
    const second = createEmulator({ dataFile });
    assert.throws(() => void first.start(), taken);
    await second.stop();
    await first.start();
    await first.stop();
  });

  it("has all confirmed changes after it was killed, and replaces the lock of the killed process", async () => {
    const cli = resolve(__dirname, "../../emulator/cli.ts");
    const words = ["--import", "tsx", cli, "--data", dataFile, "--profile", "vhi-7"];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    while (!output.includes("secretAccessKey: ")) {
      const [text] = (await once(child.stdout, "data")) as [Buffer];
      output += text.toString();
    }
    const printed = (name: string) => new RegExp(`^${name}: (.+)$`, "m").exec(output)?.[1] ?? "";
    const client = createClient(
      settingsOf({
        endpoint: printed("endpoint"),
        accessKeyId: printed("accessKeyId"),
        secretAccessKey: printed("secretAccessKey"),
      }),
    );
    const { userId } = await client.createUser(address);
    child.kill("SIGKILL");
    await once(child, "exit");
    await client.close();
    const emulator = createEmulator({ dataFile });
    assert.equal(emulator.cluster.user(address)?.userId, userId);
    assert.equal(emulator.credentials.secretAccessKey, printed("secretAccessKey"));
    await emulator.stop();
  });
});
