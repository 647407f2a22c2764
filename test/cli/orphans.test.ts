import assert from "node:assert/strict";
import { resolve } from "node:path";
import { runInNewContext } from "node:vm";
import { createEmulator } from "../../emulator";
import { key, stateOf, usePlace, user } from "./place";

describe("pulumi-ostor orphans", function () {
  this.timeout(60_000);
  const place = usePlace();
  const create = (emailAddress: string) => place.emulator.cluster.createUser(emailAddress);

  it("lists nothing where a stack holds everyone, in one line", async () => {
    const acme = create("ops@acme.example");
    const [pair] = acme.accessKeys;
    place.states["selected"] = stateOf([user(acme.userId), key(pair?.accessKeyId ?? "")]);
    const { code, stdout } = await place.run(["orphans"]);
    assert.equal(
      stdout,
      `No orphans: 1 user of ${place.emulator.endpoint} compared with stack selected.\n`,
    );
    assert.equal(code, 0);
  });

  it("lists users and pairs that are in none of the stacks, each with its two lines", async () => {
    const acme = create("ops@acme.example");
    const stray = place.emulator.cluster.generateKey("ops@acme.example");
    const lost = create("lost@x.example");
    place.states = {
      one: stateOf([user(acme.userId)]),
      two: stateOf([key(acme.accessKeys[0]?.accessKeyId ?? "")]),
    };
    const { code, stdout } = await place.run(["orphans", "--stack", "one", "--stack", "two"]);
    assert.equal(code, 7);
    for (const line of [
      `  adopt:  const user_${lost.userId} = new ostor.User("lost-x.example", { emailAddress: "lost@x.example", adopt: "${lost.userId}" });`,
      `  adopt:  new ostor.AccessKey("lost-x.example", { user: user_${lost.userId}, adopt: "${lost.accessKeys[0]?.accessKeyId ?? ""}" });`,
      `  remove: npx pulumi-ostor delete-user ${lost.userId} --stack one --stack two`,
      `  adopt:  new ostor.AccessKey("ops-acme.example", { user: user_${acme.userId}, adopt: "${stray.accessKeyId}" }); // user_${acme.userId}: the User "u" of stack "one"`,
      `  remove: npx pulumi-ostor revoke-key ${stray.accessKeyId} --stack one --stack two`,
    ]) {
      assert(stdout.includes(`${line}\n`), `${line}\n isn't in\n${stdout}`);
    }
    assert.match(stdout, /2 orphans: 2 users of \S+ compared with stacks one, two\.\n$/);
    assert.deepEqual(place.written(), [], "it changes nothing");
  });

  it("adopts a suspended user as suspended, and one without keys without a variable", async () => {
    const [pair] = create("lost@x.example").accessKeys;
    const { cluster } = place.emulator;
    cluster.revokeKey(pair?.accessKeyId ?? "");
    cluster.setUserState("lost@x.example", "disabled");
    assert.match(
      (await place.run(["orphans"])).stdout,
      / adopt: {2}new ostor\.User\("lost-x\.example", \{ emailAddress: "lost@x\.example", state: "disabled", adopt: "\w+" \}\);\n/,
    );
  });

  it("says above the remove lines whose users are listed besides", async () => {
    create("elsewhere@x.example");
    const { stdout } = await place.run(["orphans"]);
    const [before, ...after] = stdout.split("Users and keys of stacks that were not compared are ");
    assert.equal(after.length, 1, stdout);
    assert(!before?.includes("remove:"));
    assert.match(after[0] ?? "", /other projects and backends: check before .*\n[^]*remove: /);
  });

  it("tells no secret, in JSON neither", async () => {
    const { accessKeys } = create("lost@x.example");
    for (const flags of [[], ["--json"]]) {
      const { stdout, stderr } = await place.run(["orphans", ...flags]);
      assert(stdout.includes(accessKeys[0]?.accessKeyId ?? "-"));
      for (const { secretAccessKey } of [...accessKeys, place.emulator.credentials]) {
        assert(!`${stdout}${stderr}`.includes(secretAccessKey));
      }
    }
    const told = JSON.parse((await place.run(["orphans", "--json"])).stdout) as {
      orphans: object[];
    };
    assert.equal(told.orphans.length, 1);
  });

  it("says what a killed run was creating, and who owns buckets", async () => {
    const { emailAddress, userId } = create("lost@x.example");
    place.emulator.cluster.createBucket("data", emailAddress);
    const creating = { ...user(""), inputs: { emailAddress: "Lost@x.example" } };
    place.states["selected"] = stateOf([], [{ type: "creating", resource: creating }]);
    const { stdout } = await place.run(["orphans"]);
    const notes =
      "was being created when a run was killed, or is being created by one now; owns buckets: data";
    assert(stdout.includes(`user lost@x.example (${userId}); ${notes}\n`), stdout);
    assert(stdout.includes(`delete-user ${userId}\n`), "the line doesn't say that no run goes on");
    for (const line of [
      "pulumi cancel --yes --stack selected  # where it is locked",
      "pulumi up --stack selected",
      "pulumi refresh --yes --clear-pending-creates --stack selected  # ends the mark",
    ]) {
      assert(stdout.includes(`\n  ${line}\n`), stdout);
    }
  });

  it("says where the lines for a stack of another project are to be typed", async () => {
    create("lost@x.example");
    const creating = { ...user(""), inputs: { emailAddress: "lost@x.example" } };
    const far = "organization/b/one";
    place.states = {
      dev: stateOf([]),
      [far]: stateOf([], [{ type: "creating", resource: creating }]),
    };
    place.hidden = [far];
    place.current = "dev";
    const { stdout } = await place.run(["orphans", "--stack", "dev", "--stack", far]);
    assert(
      stdout.includes(`\n  # in the folder of project b\n  pulumi cancel --yes --stack ${far}  #`),
      stdout,
    );
    assert.doesNotMatch(stdout, /pulumi up .*--cwd/);
  });

  it("prints no adopt line for a key whose secret nobody tells, and says why", async () => {
    const silent = createEmulator({ seed: 6, assumptions: { secretsReadable: false } });
    await silent.start();
    try {
      const { userId, accessKeys } = silent.cluster.createUser("lost@x.example");
      const id = accessKeys[0]?.accessKeyId ?? "?";
      place.config["ostor:endpoint"] = { value: silent.endpoint };
      place.config["ostor:accessKeyId"] = { value: silent.credentials.accessKeyId };
      place.config["ostor:secretAccessKey"] = { value: silent.credentials.secretAccessKey };
      const { stdout } = await place.run(["orphans"]);
      assert(
        stdout.includes(`(${userId}); the service doesn't tell the secret of ${id}, `),
        stdout,
      );
      assert.deepEqual(stdout.match(/new ostor\.\w+/g), ["new ostor.User"]);
    } finally {
      await silent.stop();
    }
  });

  it("doesn't blame the stack for an endpoint that the command line gave", async () => {
    const open = await place.run(["orphans", "--endpoint", "http://127.0.0.1:1"], {
      OSTOR_MAX_RETRIES: "0",
    });
    assert.match(open.stderr, /check the endpoint: --endpoint https:/);
    const wrong = await place.run(["orphans", "--endpoint", "s3.example.com"]);
    assert.match(wrong.stderr, /--endpoint must be scheme, host and port.*is "s3\.example\.com"$/m);
    assert.doesNotMatch(`${open.stderr}${wrong.stderr}`, /config set [^;]*ostor:endpoint/);
  });

  it("names the one stack of several in which something is being made, where it refuses too", async () => {
    const { emailAddress, userId } = create("lost@x.example");
    const creating = { ...user(""), inputs: { emailAddress } };
    place.states = {
      dev: stateOf([]),
      staging: stateOf([], [{ type: "creating", resource: creating }]),
    };
    place.current = "dev";
    const { stdout } = await place.run(["orphans"]);
    assert.match(stdout, / pulumi cancel --yes --stack staging /);
    assert.doesNotMatch(stdout, /cancel .*--stack dev/);
    const { stderr } = await place.run(["delete-user", userId]);
    assert.match(stderr, /: stack staging says that it is being created; if no run is going on,/);
  });

  it("takes no output of a stack for a key that it holds", async () => {
    const { userId, accessKeys } = create("lost@x.example");
    const outputs = { accessKeyId: accessKeys[0]?.accessKeyId };
    const urn = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev";
    place.states["selected"] = stateOf([{ urn, type: "pulumi:pulumi:Stack", outputs }]);
    const { stdout } = await place.run(["orphans"]);
    assert(stdout.includes(`user lost@x.example (${userId})\n`), stdout);
    assert(stdout.includes(`adopt: "${accessKeys[0]?.accessKeyId ?? "?"}" });\n`), stdout);
  });

  it("says what mends a refusal with flags for the stack that was asked", async () => {
    place.states = { dev: stateOf([]), prod: stateOf([]) };
    place.current = "dev";
    place.configOf["prod"] = { ...place.config, "ostor:secretAccessKey": { value: "wrong" } };
    const { stderr } = await place.run(["orphans", "--stack", "prod"]);
    assert.match(
      stderr,
      /403.*: pulumi config set --stack prod ostor:accessKeyId .*config set --stack prod --secret /,
    );
    assert.doesNotMatch(stderr, /config set (?!--stack prod )|settings of the last up/);
    place.configOf["prod"] = { ...place.config, "ostor:endpoint": { value: "http://0.0.0.0:1" } };
    const open = await place.run(["orphans", "--stack", "prod"], { OSTOR_MAX_RETRIES: "0" });
    assert(
      open.stderr.includes(
        ": pulumi config set --stack prod ostor:endpoint https://0.0.0.0:1 [unsafe-settings]\n",
      ),
    );
    delete place.current;
    place.configOf["dev"] = { ...place.config, "ostor:secretAccessKey": { value: "wrong" } };
    const unselected = await place.run(["orphans"]);
    assert.match(unselected.stderr, /: pulumi config set --stack dev ostor:accessKeyId /);
  });

  it("counts what waits for deletion as held, whatever provider holds it, and not what is only read", async () => {
    const [waiting, read, elsewhere] = ["a@x.example", "b@x.example", "c@x.example"].map(create);
    place.states["selected"] = stateOf([
      user(waiting?.userId ?? "", { delete: true }),
      key(waiting?.accessKeys[0]?.accessKeyId ?? "", { delete: true }),
      user(read?.userId ?? "", { external: true }),
      // The same cluster may have two names.
      user(elsewhere?.userId ?? "", { provider: "urn:pulumi:dev::p::other::1" }),
      key(elsewhere?.accessKeys[0]?.accessKeyId ?? ""),
    ]);
    const { orphans } = JSON.parse((await place.run(["orphans", "--json"])).stdout) as {
      orphans: { emailAddress: string }[];
    };
    assert.deepEqual(
      orphans.map(({ emailAddress }) => emailAddress),
      ["b@x.example"],
    );
  });

  it("compares with every stack of the project, and tells which is configured for another cluster", async () => {
    const acme = create("ops@acme.example");
    create("lost@x.example");
    const { endpoint } = place.emulator;
    place.states = {
      one: stateOf([user(acme.userId)]),
      two: stateOf([key(acme.accessKeys[0]?.accessKeyId ?? "")]),
    };
    place.configOf["two"] = {
      ...place.config,
      "ostor:endpoint": { value: "https://s3.eu.example/" },
    };
    place.current = "two";
    const { stdout, code } = await place.run(["orphans", "--endpoint", endpoint]);
    assert.equal(code, 7);
    assert.match(
      stdout,
      /1 orphan: .* compared with stacks two \(configured for https:\/\/s3\.eu\.example\), one\.\n$/,
    );
  });

  it("compares with every stack of the project also where one is named, of another project too", async () => {
    const acme = create("ops@acme.example");
    const far = create("far@x.example");
    place.states = {
      dev: stateOf([]),
      prod: stateOf([user(acme.userId), key(acme.accessKeys[0]?.accessKeyId ?? "")]),
      "organization/b/one": stateOf([user(far.userId), key(far.accessKeys[0]?.accessKeyId ?? "?")]),
    };
    place.hidden = ["organization/b/one"];
    place.current = "prod";
    const dev = await place.run(["orphans", "--stack", "dev"]);
    assert.match(dev.stdout, /1 orphan: .* compared with stacks dev, prod\.\n$/);
    const refused = await place.run(["delete-user", acme.userId, "--stack", "dev"]);
    assert.match(refused.stderr, /a stack holds it; remove it from its program/);
    const both = await place.run(["orphans", "--stack", "dev", "--stack", "organization/b/one"]);
    assert.match(both.stdout, /^No orphans: .* stacks dev, organization\/b\/one, prod\.\n$/);
    assert.deepEqual(place.written(), []);
  });

  it("names the resources of lines apart, and apart from those of the stacks", async () => {
    const acme = create("ops@acme.example");
    place.emulator.cluster.generateKey("ops@acme.example");
    for (const address of ["a b@x.example", "a!b@x.example", "u@x.example"]) create(address);
    const taken = user("", { urn: "urn:pulumi:dev::p::t::u-x.example", external: true });
    place.states["selected"] = stateOf([user(acme.userId), taken]);
    const { code, stdout, stderr } = await place.run(["orphans"]);
    assert.equal(code, 7, stderr);
    const names = [...stdout.matchAll(/new ostor\.(\w+\("[^"]*")/g)].map(([, name]) => name).sort();
    assert.deepEqual(names, [
      'AccessKey("a-b-x.example"',
      'AccessKey("a-b-x.example-2"',
      'AccessKey("ops-acme.example"',
      'AccessKey("ops-acme.example-2"',
      'AccessKey("u-x.example-2"',
      'User("a-b-x.example"',
      'User("a-b-x.example-2"',
      'User("u-x.example-2"',
    ]);
  });

  it("prints nothing that a shell, a program or a terminal takes for more than a name", async () => {
    const address = "x\u001b[31m\"$(touch x)\u202e'@y.example";
    create(address);
    place.states = { "de v$(id)": stateOf([]) };
    const { stdout } = await place.run(["orphans", "--stack", "de v$(id)"]);
    for (const letter of ["\u001b", "\u202e"]) assert(!stdout.includes(letter));
    assert.match(stdout, /delete-user [0-9a-f]{16} --stack 'de v\$\(id\)'\n/);
    const [, text = ""] = /emailAddress: ("(?:[^"\\]|\\.)*"), adopt/.exec(stdout) ?? [];
    assert.equal(runInNewContext(text), address);
  });

  it("leaves out users of the panel and the system user", async () => {
    create("0123456789abcdef@s3.virtuozzo");
    assert.equal((await place.run(["orphans"])).code, 0);
  });

  it("takes from the environment what the configuration leaves out, and the endpoint from its flag", async () => {
    create("lost@x.example");
    const { accessKeyId, secretAccessKey } = place.emulator.credentials;
    place.config = {};
    const environment = {
      OSTOR_ACCESS_KEY_ID: accessKeyId,
      OSTOR_SECRET_ACCESS_KEY: secretAccessKey,
    };
    const { code, stdout } = await place.run(
      ["orphans", "--endpoint", place.emulator.endpoint],
      environment,
    );
    assert.equal(code, 7);
    assert(stdout.includes(` --endpoint ${place.emulator.endpoint}\n`));
  });

  it("fails in one line that says what mends it", async () => {
    const wrong = { value: "wrong" };
    for (const [change, words, reason] of [
      [
        () => delete place.config["ostor:endpoint"],
        [],
        /endpoint is not set; run: pulumi config set/,
      ],
      [() => (place.config["ostor:secretAccessKey"] = wrong), [], /403.*check the credentials/],
      [
        () => (place.config["ostor:endpoint"] = { value: "http://127.0.0.1:1" }),
        [],
        /no answer from/,
      ],
      [() => (place.states["selected"] = {}), [], /isn't one of a Pulumi stack/],
      [() => undefined, ["--stack", "nope"], /stack nope: no stack named 'nope' found/],
      [() => undefined, ["--cwd", "/no/such"], /--cwd \/no\/such: there is no such folder/],
      [() => (place.states = {}), [], /list the stacks of the project: it has none/],
    ] as const) {
      change();
      const { code, stdout, stderr } = await place.run(["orphans", ...words], {
        OSTOR_MAX_RETRIES: "0",
      });
      assert.match(stderr, reason);
      assert.match(stderr, /^pulumi-ostor: [^\n]+\n$/);
      assert.equal(stdout, "");
      assert.equal(code, 1);
      place.states["selected"] = stateOf([]);
      place.config["ostor:endpoint"] = { value: place.emulator.endpoint };
      place.config["ostor:secretAccessKey"] = { value: place.emulator.credentials.secretAccessKey };
    }
  });

  it("says that there is no engine on PATH", async () => {
    const bin = resolve(process.execPath, "..");
    const { stderr } = await place.run(["orphans"], { PATH: bin });
    assert.match(stderr, /there is no pulumi on PATH/);
  });

  it("explains itself, and refuses what it doesn't know", async () => {
    assert.match((await place.run(["--help"])).stdout, /orphans .*\n.*delete-user .*\n/s);
    const unknown = await place.run(["orphan"]);
    assert.match(
      unknown.stderr,
      /^pulumi-ostor: unknown command 'orphan'.*orphans.*; --help lists commands and flags\n$/,
    );
    assert.equal(unknown.code, 2);
    const flag = await place.run(["orphans", "--al"]);
    assert.match(flag.stderr, /^pulumi-ostor: unknown option '--al'[^\n]*\n$/);
    assert.equal(flag.code, 2);
  });
});
