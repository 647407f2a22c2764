import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { createEmulator, type Emulator } from "../../emulator";

const command = resolve(__dirname, "../../cli/index.ts");

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** A state as `pulumi stack export` prints it. */
function stateOf(resources: object[], pending: object[] = []) {
  return { version: 3, deployment: { resources, pending_operations: pending } };
}

function user(userId: string, more: object = {}) {
  const type = "pulumi-nodejs:dynamic/ostor:User";
  return { urn: `urn:pulumi:dev::p::${type}::u`, type, outputs: { userId }, ...more };
}

function key(accessKeyId: string, more: object = {}) {
  const type = "pulumi-nodejs:dynamic/ostor:AccessKey";
  return { urn: `urn:pulumi:dev::p::${type}::k`, type, outputs: { accessKeyId }, ...more };
}

describe("pulumi-ostor", function () {
  this.timeout(60_000);
  let emulator: Emulator;
  let folder: string;
  /** What the stand-in for the engine's command line prints, by stack. */
  let states: Record<string, unknown>;
  let config: Record<string, { value: string }>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-cli-"));
    const stub = `#!/usr/bin/env node
const { states, config } = JSON.parse(require("fs").readFileSync(${JSON.stringify(join(folder, "said.json"))}));
const words = process.argv.slice(2);
const stack = words.includes("--stack") ? words[words.indexOf("--stack") + 1] : "selected";
if (!(stack in states)) { console.error("error: no stack named '" + stack + "' found"); process.exit(6); }
console.log(JSON.stringify(words.includes("export") ? states[stack] : config));`;
    writeFileSync(join(folder, "pulumi"), stub);
    chmodSync(join(folder, "pulumi"), 0o755);
    emulator = createEmulator({ seed: 5 });
    await emulator.start();
  });
  after(async () => {
    await emulator.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    const { accessKeyId, secretAccessKey } = emulator.credentials;
    states = { selected: stateOf([]) };
    config = {
      "ostor:endpoint": { value: emulator.endpoint },
      "ostor:accessKeyId": { value: accessKeyId },
      "ostor:secretAccessKey": { value: secretAccessKey },
    };
  });
  afterEach(() => {
    for (const { name } of emulator.cluster.buckets()) emulator.cluster.deleteBucket(name);
    for (const each of emulator.cluster.users()) emulator.cluster.deleteUser(each.emailAddress);
  });

  const run = (words: string[], environment: Record<string, string> = {}): Promise<Ended> => {
    writeFileSync(join(folder, "said.json"), JSON.stringify({ states, config }));
    emulator.clearRequests();
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("OSTOR_"));
    const path = [folder, process.env["PATH"]].join(delimiter);
    const env = { ...Object.fromEntries(inherited), PATH: path, ...environment };
    return new Promise((settle) => {
      execFile(
        process.execPath,
        ["--import", "tsx", command, ...words],
        { env },
        (error, stdout, stderr) => {
          settle({ code: error ? Number(error.code) : 0, stdout, stderr });
        },
      );
    });
  };
  const create = (emailAddress: string) => emulator.cluster.createUser(emailAddress);
  const written = () => emulator.requests.filter(({ method }) => method !== "GET");

  it("lists nothing where a stack holds everyone, in one line", async () => {
    const acme = create("ops@acme.example");
    const [pair] = acme.accessKeys;
    states["selected"] = stateOf([user(acme.userId), key(pair?.accessKeyId ?? "")]);
    const { code, stdout } = await run(["orphans"]);
    assert.equal(
      stdout,
      `No orphans: 1 users of ${emulator.endpoint} compared with the selected stack.\n`,
    );
    assert.equal(code, 0);
  });

  it("lists users and pairs that are in none of the stacks, each with its two lines", async () => {
    const acme = create("ops@acme.example");
    const stray = emulator.cluster.generateKey("ops@acme.example");
    const lost = create("lost@x.example");
    states = {
      one: stateOf([user(acme.userId)]),
      two: stateOf([key(acme.accessKeys[0]?.accessKeyId ?? "")]),
    };
    const { code, stdout } = await run(["orphans", "--stack", "one", "--stack", "two"]);
    assert.equal(code, 7);
    for (const line of [
      `  adopt:  new ostor.User("lost-x.example", { emailAddress: "lost@x.example", adopt: "${lost.userId}" });`,
      `  remove: npx pulumi-ostor delete-user ${lost.userId} --stack one --stack two`,
      `  adopt:  new ostor.AccessKey("ops-acme.example", { user: "ops@acme.example", adopt: "${stray.accessKeyId}" });`,
      `  remove: npx pulumi-ostor revoke-key ${stray.accessKeyId} --stack one --stack two`,
    ]) {
      assert(stdout.includes(`${line}\n`), `${line}\n isn't in\n${stdout}`);
    }
    assert.match(stdout, /2 orphans: 2 users of \S+ compared with stacks one, two\.\n$/);
    assert.deepEqual(written(), [], "it changes nothing");
  });

  it("tells no secret, in JSON neither", async () => {
    const { accessKeys } = create("lost@x.example");
    for (const flags of [[], ["--json"]]) {
      const { stdout, stderr } = await run(["orphans", ...flags]);
      assert(stdout.includes(accessKeys[0]?.accessKeyId ?? "-"));
      for (const { secretAccessKey } of [...accessKeys, emulator.credentials]) {
        assert(!`${stdout}${stderr}`.includes(secretAccessKey));
      }
    }
    const told = JSON.parse((await run(["orphans", "--json"])).stdout) as { orphans: object[] };
    assert.equal(told.orphans.length, 1);
  });

  it("says what a killed run was creating, and who owns buckets", async () => {
    const { emailAddress, userId } = create("lost@x.example");
    emulator.cluster.createBucket("data", emailAddress);
    const creating = { ...user(""), inputs: { emailAddress } };
    states["selected"] = stateOf([], [{ type: "creating", resource: creating }]);
    const { stdout } = await run(["orphans"]);
    assert(
      stdout.includes(
        `user lost@x.example (${userId}); a run was killed while it was being created; owns buckets: data\n`,
      ),
      stdout,
    );
  });

  it("counts what waits for deletion as held, and neither what is only read nor another cluster's", async () => {
    const [waiting, read, elsewhere] = ["a@x.example", "b@x.example", "c@x.example"].map(create);
    const provider = {
      urn: "urn:pulumi:dev::p::pulumi:providers:pulumi-nodejs::eu",
      type: "pulumi:providers:pulumi-nodejs",
      id: "1",
      inputs: { "ostor:endpoint": "https://s3.eu.example" },
    };
    states["selected"] = stateOf([
      user(waiting?.userId ?? "", { delete: true }),
      key(waiting?.accessKeys[0]?.accessKeyId ?? "", { delete: true }),
      user(read?.userId ?? "", { external: true }),
      provider,
      user(elsewhere?.userId ?? "", { provider: `${provider.urn}::1` }),
    ]);
    const { orphans } = JSON.parse((await run(["orphans", "--json"])).stdout) as {
      orphans: { emailAddress: string }[];
    };
    assert.deepEqual(
      orphans.map(({ emailAddress }) => emailAddress),
      ["b@x.example", "c@x.example"],
    );
  });

  it("leaves out users of the panel and the system user", async () => {
    create("0123456789abcdef@s3.virtuozzo");
    assert.equal((await run(["orphans"])).code, 0);
  });

  it("takes from the environment what the configuration leaves out, and the endpoint from its flag", async () => {
    create("lost@x.example");
    const { accessKeyId, secretAccessKey } = emulator.credentials;
    config = {};
    const environment = {
      OSTOR_ACCESS_KEY_ID: accessKeyId,
      OSTOR_SECRET_ACCESS_KEY: secretAccessKey,
    };
    const { code, stdout } = await run(["orphans", "--endpoint", emulator.endpoint], environment);
    assert.equal(code, 7);
    assert(stdout.includes(` --endpoint ${emulator.endpoint}\n`));
  });

  it("deletes an orphan and revokes an orphaned pair by their lines", async () => {
    const acme = create("ops@acme.example");
    const stray = emulator.cluster.generateKey("ops@acme.example");
    const lost = create("lost@x.example");
    states["selected"] = stateOf([user(acme.userId), key(acme.accessKeys[0]?.accessKeyId ?? "")]);
    const revoked = await run(["revoke-key", stray.accessKeyId]);
    assert.equal(revoked.stdout, `revoked key ${stray.accessKeyId} of user ops@acme.example\n`);
    const deleted = await run(["delete-user", lost.userId]);
    assert.equal(deleted.stdout, `deleted user lost@x.example (${lost.userId})\n`);
    assert.deepEqual(emulator.cluster.users(), [acme]);
  });

  it("removes nothing that a stack holds, nor a user with buckets, nor what isn't there", async () => {
    const acme = create("ops@acme.example");
    const outside = create("outside@x.example");
    create("lost@x.example");
    emulator.cluster.createBucket("data", "lost@x.example");
    const lost = emulator.cluster.user("lost@x.example");
    const keyIds = [acme, outside].map(({ accessKeys }) => accessKeys[0]?.accessKeyId ?? "");
    states["selected"] = stateOf([user(acme.userId), ...keyIds.map((id) => key(id))]);
    for (const [words, reason] of [
      [["delete-user", acme.userId], /a stack holds it/],
      [["revoke-key", keyIds[0] ?? ""], /a stack holds it/],
      [["delete-user", outside.userId], /a stack holds a key of outside@x\.example/],
      [["delete-user", lost?.userId ?? ""], /owns buckets \(data\)/],
      [["delete-user", "0123456789abcdef"], /there is no such user/],
      [["revoke-key", "0123456789abcdefABCD"], /there is no such key/],
    ] as const) {
      const { code, stderr } = await run([...words]);
      assert.match(stderr, reason);
      assert.match(stderr, /^pulumi-ostor: [^\n]+\n$/);
      assert.equal(code, 1);
      assert.deepEqual(written(), []);
    }
  });

  it("fails in one line that says what mends it", async () => {
    const wrong = { value: "wrong" };
    for (const [change, words, reason] of [
      [() => delete config["ostor:endpoint"], [], /endpoint is not set; run: pulumi config set/],
      [() => (config["ostor:secretAccessKey"] = wrong), [], /403.*check the credentials/],
      [() => (config["ostor:endpoint"] = { value: "http://127.0.0.1:1" }), [], /no answer from/],
      [() => (states["selected"] = {}), [], /isn't one of a Pulumi stack/],
      [() => undefined, ["--stack", "nope"], /stack nope: no stack named 'nope' found/],
    ] as const) {
      change();
      const { code, stdout, stderr } = await run(["orphans", ...words], { OSTOR_MAX_RETRIES: "0" });
      assert.match(stderr, reason);
      assert.match(stderr, /^pulumi-ostor: [^\n]+\n$/);
      assert.equal(stdout, "");
      assert.equal(code, 1);
      states["selected"] = stateOf([]);
      config["ostor:endpoint"] = { value: emulator.endpoint };
      config["ostor:secretAccessKey"] = { value: emulator.credentials.secretAccessKey };
    }
  });

  it("says that there is no engine on PATH", async () => {
    const bin = resolve(process.execPath, "..");
    const { stderr } = await run(["orphans"], { PATH: bin });
    assert.match(stderr, /there is no pulumi on PATH/);
  });

  it("explains itself, and refuses what it doesn't know", async () => {
    assert.match((await run(["--help"])).stdout, /orphans .*\n.*delete-user .*\n/s);
    const unknown = await run(["orphan"]);
    assert.match(unknown.stderr, /unknown command 'orphan'.*orphans/s);
    assert.equal(unknown.code, 2);
    assert.equal((await run(["orphans", "--al"])).code, 2);
  });
});
