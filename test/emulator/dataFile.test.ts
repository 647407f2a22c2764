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

  it("holds after a restart what it held: users, keys, buckets, objects, and how ids go on", async () => {
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
    const anew = second.cluster.createUser(address).userId;
    assert.notEqual(anew, (held[0] as { userId: string }[])[0]?.userId, "an id came back");
    assert.notEqual(anew, other, "the stored seed counts");
    await second.stop();
  });

  it("lets its owner alone read the file, which holds secrets", async () => {
    const emulator = createEmulator({ dataFile });
    emulator.cluster.createUser(address);
    assert.equal(statSync(dataFile).mode & 0o777, 0o600);
    await emulator.stop();
  });

  it("takes the system user's pair from its options, when they give one", async () => {
    await createEmulator({ dataFile }).stop();
    const pair = { accessKeyId: "AK", secretAccessKey: "SK" };
    const emulator = createEmulator({ dataFile, ...pair });
    assert.deepEqual(emulator.credentials, pair);
    await emulator.stop();
  });

  for (const content of ["", "{", "[]", "null", '{"format":"something else","version":1}']) {
    it(`refuses a file that holds ${JSON.stringify(content)}, and leaves it as it is`, () => {
      writeFileSync(dataFile, content);
      assert.throws(() => createEmulator({ dataFile }), {
        message: `${dataFile} is not a data file of the emulator; name another file or remove it`,
      });
      assert.equal(readFileSync(dataFile, "utf8"), content);
    });
  }

  it("is alone on its file until it is stopped, and again when it is started again", async () => {
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

  it("has what it answered after being killed, and the lock of the dead is no hindrance", async () => {
    const cli = resolve(__dirname, "../../emulator/cli.ts");
    const words = ["--import", "tsx", cli, "--data", dataFile, "--profile", "vhi-7"];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
    let told = "";
    while (!told.includes("secretAccessKey: ")) {
      const [text] = (await once(child.stdout, "data")) as [Buffer];
      told += text.toString();
    }
    const said = (name: string) => new RegExp(`^${name}: (.+)$`, "m").exec(told)?.[1] ?? "";
    const client = createClient(
      settingsOf({
        endpoint: said("endpoint"),
        accessKeyId: said("accessKeyId"),
        secretAccessKey: said("secretAccessKey"),
      }),
    );
    const { userId } = await client.createUser(address);
    child.kill("SIGKILL");
    await once(child, "exit");
    await client.close();
    const emulator = createEmulator({ dataFile });
    assert.equal(emulator.cluster.user(address)?.userId, userId);
    assert.equal(emulator.credentials.secretAccessKey, said("secretAccessKey"));
    await emulator.stop();
  });
});
