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

  it("writes the same files for the same cluster, whatever the order of its lists", async () => {
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

  it("exports users that match one of the patterns, ignoring case, and fails if none does", async () => {
    for (const name of ["Ops@ACME.example", "a/b@acme.example", ".x@acme.example", "y@x.example"]) {
      cluster().createUser(name);
    }
    await place.export("--filter", "*@acme.example");
    assert.deepEqual(addresses(), [".x@acme.example", "a/b@acme.example", "Ops@ACME.example"]);
    await place.export("--force", "--filter", "ops@*", "--filter", "?@x.*");
    assert.deepEqual(addresses(), ["Ops@ACME.example", "y@x.example"]);
    const none = await place.export("--force", "--filter", "z*");
    assert.match(
      none.stderr,
      /: no user that matches z\* can be declared; nothing was written \[nothing-to-export\]\n$/,
    );
    assert.equal(none.code, 1);
    assert.deepEqual(addresses(), ["Ops@ACME.example", "y@x.example"], "the file is not changed");
  });

  it("does not export the cluster's own users without their flags", async () => {
    cluster().createUser("0123456789abcdef@s3.virtuozzo");
    cluster().createUser("y@x.example");
    const { stdout } = await place.export();
    assert.match(stdout, /Not exported: 2 users of the cluster's administration\.\n/);
    assert.deepEqual(addresses(), ["y@x.example"]);
    await place.export("--force", "--panel-users", "--system-users");
    assert.equal(addresses().length, 3);
  });

  it("sends no request for buckets with --no-buckets", async () => {
    cluster().createUser("y@x.example");
    cluster().createBucket("data", "y@x.example");
    await place.export("--no-buckets");
    assert(!place.file("index.ts").includes("ostor.Bucket"));
    assert(!place.emulator.requests.some(({ operation }) => operation === "listBuckets"));
  });

  it("reads only three users one by one if the list contains keys with their secrets", async () => {
    await withCluster(place, { profile: "acronis-2" }, async (emulator) => {
      for (let number = 0; number < 20; number += 1) {
        emulator.cluster.createUser(`user${number}@x.example`);
      }
      place.config["ostor:dialect"] = { value: "put" };
      const { stdout } = await place.export();
      assert.match(stdout, /20 users, 20 keys/);
      assert.match(
        stdout,
        /does not return which users are disabled: users are declared without a state/,
      );
      assert(!place.file("index.ts").includes("state:"));
      const asked = emulator.requests.map(({ operation }) => operation).sort();
      // The fourth is the system user, whose keys no list contains.
      assert.deepEqual(asked, [
        ...Array<string>(4).fill("getUserById"),
        "listBuckets",
        "listUsers",
      ]);
    });
  });

  it("names what cannot be adopted, also in the file, and ends with 7", async () => {
    const [one, other] = ["Ops@x.example", "ops@x.example"].map((address) =>
      cluster().createUser(address),
    );
    const odd = cluster().createUser("line\u2028separator@x.example");
    cluster().createUser("y@x.example");
    const { code, stderr, stdout } = await place.export();
    assert.equal(code, 7);
    const lines = stderr.trimEnd().split("\n");
    assert.equal(lines.length, 3, stderr);
    assert(lines.every((line) => /^pulumi-ostor: left out: user .* \[left-out\]$/.test(line)));
    for (const [user, duplicate] of [
      [one, other],
      [other, one],
    ]) {
      const what = `user ${user?.emailAddress ?? ""} (${user?.userId ?? ""}): user ${duplicate?.emailAddress ?? ""} (${duplicate?.userId ?? ""}) has the same address but for the case`;
      assert(stderr.includes(what), stderr);
      assert(place.file("index.ts").includes(`// Left out: ${what}`));
    }
    assert(stderr.includes(`(${odd.userId}): a program cannot declare it: emailAddress must be`));
    assert.match(stdout, /Left out, as listed above: 3\.\n/);
    assert.deepEqual(addresses(), ["y@x.example"]);
  });

  it("leaves out keys whose secrets are not returned, and adopts their users", async () => {
    await withCluster(place, { assumptions: { secretsReadable: false } }, async (emulator) => {
      const [ownKey] = emulator.cluster.createUser("y@x.example").accessKeys;
      for (const format of ["ts", "json", "import"]) {
        const { code, stderr } = await place.export("--format", format, "--force");
        assert.equal(code, 7);
        const line = `left out: key ${ownKey?.accessKeyId ?? ""} of user y@x.example: the service does not return its secret`;
        assert(stderr.includes(line), stderr);
      }
      for (const name of ["tenants.json", "import.json"]) {
        assert(place.file(name).includes('"y@x.example"'));
        assert(place.file(name).includes(`"leftOut"`));
      }
    });
  });

  it("writes secrets only into the file for pulumi import, which only its owner can read", async () => {
    const [ownKey] = cluster().createUser("y@x.example").accessKeys;
    const secret = ownKey?.secretAccessKey ?? "";
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

  it("overwrites nothing without --force, and sends no request before it refuses", async () => {
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
        /^pulumi-ostor: write \S+: the file already exists; choose another folder with --out, or overwrite it with --force \[file-exists\]\n$/,
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
        /^pulumi-ostor: write \S+: \S+file is not a folder; choose another folder with --out \[file-not-written\]\n$/,
      );
      assert.equal(code, 1);
    }
    assert.deepEqual(place.emulator.requests, []);
  });

  it("writes no file if one of them cannot be written, and prints what to do", async () => {
    cluster().createUser("y@x.example");
    mkdirSync(join(place.folder, "tenants", "index.ts"), { recursive: true });
    const { code, stderr } = await place.export("--format", "json", "--force");
    assert.match(
      stderr,
      /^pulumi-ostor: write \S+index\.ts: it is a folder; choose another folder with --out \[file-not-written\]\n$/,
    );
    assert.equal(code, 1);
    assert.deepEqual(readdirSync(join(place.folder, "tenants")), ["index.ts"]);
  });

  it("reads settings from the named stack, the selected stack, or the environment and flags", async () => {
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
    assert.match(
      bare.stdout,
      /\nSettings: stack bare has no ostor settings, so only the environment is used\.\n/,
    );
    const missing = await place.run([...words, "--stack", "nope"], environment);
    assert.match(missing.stderr, /stack nope: no stack named 'nope' found/);
    const unset = await place.run([...words, "--stack", "bare"]);
    const fix = `run: pulumi config set --cwd ${place.folder} --stack bare ostor:endpoint https:`;
    assert(unset.stderr.includes(fix), unset.stderr);
    delete place.current;
    for (const [states, why] of [
      [place.states, /no stack is selected, so only the environment is used/],
      [{}, /no stack is selected, so only the environment is used/],
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

  it("reports in one line that there is no project", async () => {
    rmSync(join(place.folder, "Pulumi.yaml"));
    const { code, stderr } = await place.export("--endpoint", "http://127.0.0.1:1");
    assert.match(
      stderr,
      /^pulumi-ostor: there is no Pulumi project here, so only the environment is used: ostor:accessK/,
    );
    assert.equal(code, 1);
  });

  it("prints its version", async () => {
    const { stdout } = await place.run(["--version"]);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it("prints in its help one default of each flag, in words", async () => {
    for (const command of ["export", "orphans", "doctor"]) {
      const { stdout } = await place.run([command, "--help"]);
      assert(!stdout.includes("[])"), stdout);
      assert(!/\(default:[^)]*\)\s+\(default:/.test(stdout), stdout);
    }
  });

  it("refuses unknown flags", async () => {
    for (const words of [["--format", "yaml"], ["--filter", " "], ["--json"]]) {
      const { code, stderr } = await place.export(...words);
      assert.match(
        stderr,
        /^pulumi-ostor: [^\n]+--help lists commands and flags \[wrong-usage\]\n$/,
      );
      assert.equal(code, 2);
    }
    assert(!existsSync(join(place.folder, "tenants")));
  });
});
