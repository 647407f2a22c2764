import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { useExportPlace, withCluster } from "./exportPlace";

describe("pulumi-ostor export", function () {
  this.timeout(60_000);
  const place = useExportPlace();
  const cluster = () => place.emulator.cluster;
  const addresses = () =>
    [...place.file("index.ts").matchAll(/emailAddress: "([^"]*)"/g)].map(([, address]) => address);

  it("writes a program that adopts users with their states, keys and buckets, each protected", async () => {
    const acme = cluster().createUser("ops@acme.example");
    const second = cluster().generateKey("ops@acme.example");
    const lazy = cluster().createUser("lazy@x.example");
    cluster().revokeKey(lazy.accessKeys[0]?.accessKeyId ?? "");
    cluster().setUserState("lazy@x.example", "disabled");
    cluster().createBucket("data", "ops@acme.example");
    const { code, stdout, stderr } = await place.export();
    assert.equal(stderr, "");
    assert.match(
      stdout,
      /^Wrote \S+index\.ts: 2 users, 2 keys, 1 bucket of \S+\.\nSettings: stack selected\.\n/,
    );
    assert.equal(code, 0);
    const keys = [acme.accessKeys[0]?.accessKeyId ?? "", second.accessKeyId].sort();
    const named = keys.map(
      (id) => `new ostor.AccessKey(
  "ops-acme.example-${id.slice(16)}",
  { user: ops_acme_example, adopt: "${id}" },
  { protect: true },
);
`,
    );
    assert.equal(
      place.file("index.ts"),
      `// The tenants of ${place.emulator.endpoint}, as pulumi-ostor export found them.
import * as ostor from "pulumi-ostor";

new ostor.User(
  "lazy-x.example",
  { emailAddress: "lazy@x.example", state: "disabled", adopt: "${lazy.userId}" },
  { protect: true },
);

const ops_acme_example = new ostor.User(
  "ops-acme.example",
  { emailAddress: "ops@acme.example", state: "enabled", adopt: "${acme.userId}" },
  { protect: true },
);
${named.join("")}new ostor.Bucket(
  "data",
  { name: "data", owner: ops_acme_example },
  { protect: true },
);
`,
    );
    assert.deepEqual(place.written(), [], "it changes nothing");
  });

  it("writes the same of the same cluster, in whatever order it lists", async () => {
    const everyone = ["b@x.example", "A@x.example", "c/d@x.example", "c!d@x.example"];
    const texts: string[] = [];
    let suffix = "";
    for (const order of [everyone, [...everyone].reverse()]) {
      await withCluster(place, { assumptions: { checkAddresses: false } }, async (emulator) => {
        for (const address of order) emulator.cluster.createUser(address);
        const { code, stderr } = await place.export("--force");
        assert.equal(code, 0, stderr);
        suffix = emulator.cluster.user("c/d@x.example")?.userId ?? "";
        texts.push(place.file("index.ts").replaceAll(emulator.endpoint, "<endpoint>"));
        assert.deepEqual(addresses(), [
          "A@x.example",
          "b@x.example",
          "c!d@x.example",
          "c/d@x.example",
        ]);
      });
    }
    assert.equal(texts[0], texts[1]);
    assert.equal(texts[0]?.split(`"c-d-x.example-${suffix}"`).length, 2, texts[0]);
  });

  it("takes whom one of the patterns matches, in any case, and says so where nobody does", async () => {
    for (const name of ["Ops@ACME.example", "a/b@acme.example", ".x@acme.example", "y@x.example"]) {
      cluster().createUser(name);
    }
    await place.export("--filter", "*@acme.example");
    assert.deepEqual(addresses(), [".x@acme.example", "a/b@acme.example", "Ops@ACME.example"]);
    await place.export("--force", "--filter", "ops@*", "--filter", "?@x.*");
    assert.deepEqual(addresses(), ["Ops@ACME.example", "y@x.example"]);
    const none = await place.export("--force", "--filter", "z*");
    assert.match(none.stderr, /: nobody who matches z\* can be declared; nothing was written\n$/);
    assert.equal(none.code, 1);
    assert.deepEqual(addresses(), ["Ops@ACME.example", "y@x.example"], "the file stays");
  });

  it("passes the cluster's own users over unless asked for them", async () => {
    cluster().createUser("0123456789abcdef@s3.virtuozzo");
    cluster().createUser("y@x.example");
    const { stdout } = await place.export();
    assert.match(stdout, /Passed over: 2 users of the cluster's own administration\.\n/);
    assert.deepEqual(addresses(), ["y@x.example"]);
    await place.export("--force", "--panel-users", "--system-users");
    assert.equal(addresses().length, 3);
  });

  it("leaves buckets out where they aren't wanted, without asking for them", async () => {
    cluster().createUser("y@x.example");
    cluster().createBucket("data", "y@x.example");
    await place.export("--no-buckets");
    assert(!place.file("index.ts").includes("ostor.Bucket"));
    assert(!place.emulator.requests.some(({ operation }) => operation === "listBuckets"));
  });

  it("asks for nobody alone but three where the list tells keys with their secrets", async () => {
    await withCluster(place, { profile: "acronis-2" }, async (emulator) => {
      for (let number = 0; number < 20; number += 1) {
        emulator.cluster.createUser(`user${number}@x.example`);
      }
      place.config["ostor:dialect"] = { value: "put" };
      const { stdout } = await place.export();
      assert.match(stdout, /20 users, 20 keys/);
      assert.match(stdout, /doesn't tell who is suspended: users are declared without a state/);
      assert(!place.file("index.ts").includes("state:"));
      const asked = emulator.requests.map(({ operation }) => operation).sort();
      // The fourth is the system user, whose keys no list tells.
      assert.deepEqual(asked, [
        ...Array<string>(4).fill("getUserById"),
        "listBuckets",
        "listUsers",
      ]);
    });
  });

  it("names what can't be adopted, in the file too, and ends with 7", async () => {
    const [one, other] = ["Ops@x.example", "ops@x.example"].map((address) =>
      cluster().createUser(address),
    );
    const odd = cluster().createUser("line\u2028separator@x.example");
    cluster().createUser("y@x.example");
    const { code, stderr, stdout } = await place.export();
    assert.equal(code, 7);
    const lines = stderr.trimEnd().split("\n");
    assert.equal(lines.length, 3, stderr);
    assert(lines.every((line) => line.startsWith("pulumi-ostor: left out: user ")));
    for (const [told, twin] of [
      [one, other],
      [other, one],
    ]) {
      const what = `user ${told?.emailAddress ?? ""} (${told?.userId ?? ""}): user ${twin?.emailAddress ?? ""} (${twin?.userId ?? ""}) has this address too, but for the case`;
      assert(stderr.includes(what), stderr);
      assert(place.file("index.ts").includes(`// Left out: ${what}`));
    }
    assert(stderr.includes(`(${odd.userId}): a program can't declare it: emailAddress must be`));
    assert.match(stdout, /Left out, and named above: 3\.\n/);
    assert.deepEqual(addresses(), ["y@x.example"]);
  });

  it("leaves out keys whose secrets aren't told, and adopts their users", async () => {
    await withCluster(place, { assumptions: { secretsReadable: false } }, async (emulator) => {
      const [pair] = emulator.cluster.createUser("y@x.example").accessKeys;
      for (const format of ["ts", "json", "import"]) {
        const { code, stderr } = await place.export("--format", format, "--force");
        assert.equal(code, 7);
        const told = `left out: key ${pair?.accessKeyId ?? ""} of user y@x.example: the service doesn't tell its secret`;
        assert(stderr.includes(told), stderr);
      }
      for (const name of ["tenants.json", "import.json"]) {
        assert(place.file(name).includes('"y@x.example"'));
        assert(place.file(name).includes(`"leftOut"`));
      }
    });
  });

  it("writes a secret into the file for pulumi import alone, which only its owner can read", async () => {
    const [pair] = cluster().createUser("y@x.example").accessKeys;
    const secret = pair?.secretAccessKey ?? "";
    const printed: string[] = [];
    for (const format of ["ts", "json", "import"]) {
      const { stdout, stderr } = await place.export("--format", format, "--force");
      printed.push(stdout, stderr);
    }
    const tenants = join(place.folder, "tenants");
    const files = readdirSync(tenants).sort();
    assert.deepEqual(files, ["import.json", "index.ts", "tenants.json"]);
    assert.deepEqual(
      files.filter((name) => place.file(name).includes(secret)),
      ["import.json"],
    );
    assert(!printed.join("").includes(secret));
    const path = join(tenants, "import.json");
    chmodSync(path, 0o644);
    await place.export("--format", "import", "--force");
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("overwrites nothing without --force, and asks the cluster nothing before it refuses", async () => {
    cluster().createUser("y@x.example");
    mkdirSync(join(place.folder, "mine"));
    for (const [format, name] of [
      ["ts", "index.ts"],
      ["json", "tenants.json"],
      ["json", "index.ts"],
      ["import", "import.json"],
    ] as const) {
      const path = join(place.folder, "mine", name);
      writeFileSync(path, "mine");
      const { code, stderr } = await place.export("--format", format, "--out", "mine");
      assert.match(
        stderr,
        /^pulumi-ostor: write \S+: it is there already; name another folder with --out, or overwrite it with --force\n$/,
      );
      assert.equal(code, 1);
      assert.deepEqual(place.emulator.requests, []);
      const forced = await place.export("--format", format, "--out", "mine", "--force");
      assert.equal(forced.code, 0, forced.stderr);
      assert.notEqual(readFileSync(path, "utf8"), "mine");
      for (const each of readdirSync(join(place.folder, "mine"))) {
        rmSync(join(place.folder, "mine", each));
      }
    }
    writeFileSync(join(place.folder, "file"), "");
    place.emulator.clearRequests();
    for (const out of ["file/below", "file"]) {
      const { code, stderr } = await place.export("--out", out);
      assert.match(
        stderr,
        /^pulumi-ostor: write \S+: \S+file isn't a folder; name another folder with --out\n$/,
      );
      assert.equal(code, 1);
    }
    assert.deepEqual(place.emulator.requests, []);
  });

  it("writes no file when one of them can't be written, and says what to do", async () => {
    cluster().createUser("y@x.example");
    mkdirSync(join(place.folder, "tenants", "index.ts"), { recursive: true });
    const { code, stderr } = await place.export("--format", "json", "--force");
    assert.match(
      stderr,
      /^pulumi-ostor: write \S+index\.ts: it is a folder; name another folder with --out\n$/,
    );
    assert.equal(code, 1);
    assert.deepEqual(readdirSync(join(place.folder, "tenants")), ["index.ts"]);
  });

  it("takes its settings from the stack named, else the selected one, else the environment and flags", async () => {
    cluster().createUser("y@x.example");
    const { accessKeyId, secretAccessKey } = place.emulator.credentials;
    const environment = {
      OSTOR_ACCESS_KEY_ID: accessKeyId,
      OSTOR_SECRET_ACCESS_KEY: secretAccessKey,
    };
    const words = ["export", "--cwd", place.folder, "--force"];
    place.states["other"] = {};
    place.configOf["selected"] = { "ostor:endpoint": { value: "http://127.0.0.1:1" } };
    const named = await place.run([...words, "--stack", "other"]);
    assert.match(named.stdout, /\nSettings: stack other\.\n/);
    const wrong = await place.run(words, { ...environment, OSTOR_MAX_RETRIES: "0" });
    assert.match(wrong.stderr, /no answer from http:\/\/127\.0\.0\.1:1 /);
    const endpoint = ["--endpoint", place.emulator.endpoint];
    const flag = await place.run([...words, ...endpoint], environment);
    assert.match(flag.stdout, /\nSettings: stack selected\.\n/);
    place.states["bare"] = {};
    place.configOf["bare"] = { "other:name": { value: "x" } };
    const bare = await place.run([...words, ...endpoint, "--stack", "bare"], environment);
    assert.match(bare.stdout, /\nSettings: stack bare, which has none, so the environment alone /);
    const missing = await place.run([...words, "--stack", "nope"], environment);
    assert.match(missing.stderr, /stack nope: no stack named 'nope' found/);
    const unset = await place.run([...words, "--stack", "bare"]);
    const mend = `run: pulumi config set --cwd ${place.folder} --stack bare ostor:endpoint https:`;
    assert(unset.stderr.includes(mend), unset.stderr);
    delete place.current;
    for (const [states, why] of [
      [place.states, /no stack is selected, so the environment alone counts/],
      [{}, /no stack is selected, so the environment alone counts/],
    ] as const) {
      place.states = states;
      const alone = await place.run([...words, ...endpoint], environment);
      assert.match(alone.stdout, why);
      assert.equal(alone.code, 0);
      const nothing = await place.run(words);
      assert.match(nothing.stderr, new RegExp(`${why.source}: ostor:endpoint is not set; run: `));
      assert.equal(nothing.code, 1);
    }
  });

  it("says in a few words that there is no project, which the CLI tells at length", async () => {
    rmSync(join(place.folder, "Pulumi.yaml"));
    const { code, stderr } = await place.export("--endpoint", "http://127.0.0.1:1");
    assert.match(
      stderr,
      /^pulumi-ostor: there is no Pulumi project here, so the environment alone counts: ostor:accessK/,
    );
    assert.equal(code, 1);
  });

  it("tells its version", async () => {
    const { stdout } = await place.run(["--version"]);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it("tells in its help one default of each flag, and in words", async () => {
    for (const command of ["export", "orphans", "doctor"]) {
      const { stdout } = await place.run([command, "--help"]);
      assert(!stdout.includes("[])"), stdout);
      assert(!/\(default:[^)]*\)\s+\(default:/.test(stdout), stdout);
    }
  });

  it("refuses flags that it doesn't know", async () => {
    for (const words of [["--format", "yaml"], ["--filter", " "], ["--json"]]) {
      const { code, stderr } = await place.export(...words);
      assert.match(stderr, /^pulumi-ostor: [^\n]+--help lists commands and flags\n$/);
      assert.equal(code, 2);
    }
    assert(!existsSync(join(place.folder, "tenants")));
  });
});
