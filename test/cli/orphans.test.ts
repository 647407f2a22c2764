import assert from "node:assert/strict";
import { resolve } from "node:path";
import { runInNewContext } from "node:vm";
import { createEmulator } from "../../emulator";
import { key, stateOf, usePlace, user } from "./place";

describe("pulumi-ostor orphans", function () {
  this.timeout(60_000);
  const place = usePlace();
  const create = (emailAddress: string) => place.emulator.cluster.createUser(emailAddress);

  it("prints one line if all users and keys are in a stack", async () => {
    const acme = create("ops@acme.example");
    const [ownKey] = acme.accessKeys;
    place.states["selected"] = stateOf([user(acme.userId), key(ownKey?.accessKeyId ?? "")]);
    const { code, stdout } = await place.run(["orphans"]);
    assert.equal(
      stdout,
      `No orphans: 1 user of ${place.emulator.endpoint} compared with stack selected.\n`,
    );
    assert.equal(code, 0);
  });

  it("lists users and keys that are in no stack, with the lines that adopt and remove them", async () => {
    const acme = create("ops@acme.example");
    const unknown = place.emulator.cluster.generateKey("ops@acme.example");
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
      `  adopt:  new ostor.AccessKey("ops-acme.example", { user: user_${acme.userId}, adopt: "${unknown.accessKeyId}" }); // user_${acme.userId}: the User "u" of stack "one"`,
      `  remove: npx pulumi-ostor revoke-key ${unknown.accessKeyId} --stack one --stack two`,
    ]) {
      assert(stdout.includes(`${line}\n`), `${line}\n is not in\n${stdout}`);
    }
    assert.match(stdout, /2 orphans: 2 users of \S+ compared with stacks one, two\.\n$/);
    assert.deepEqual(place.written(), [], "it changes nothing");
  });

  it("adopts a disabled user as disabled, and a user without keys without a variable", async () => {
    const [ownKey] = create("lost@x.example").accessKeys;
    const { cluster } = place.emulator;
    cluster.revokeKey(ownKey?.accessKeyId ?? "");
    cluster.setUserState("lost@x.example", "disabled");
    assert.match(
      (await place.run(["orphans"])).stdout,
      / adopt: {2}new ostor\.User\("lost-x\.example", \{ emailAddress: "lost@x\.example", state: "disabled", adopt: "\w+" \}\);\n/,
    );
  });

  it("prints above the remove lines which other users are listed", async () => {
    create("elsewhere@x.example");
    const { stdout } = await place.run(["orphans"]);
    const [before, ...after] = stdout.split("Users and keys of stacks that were not compared are ");
    assert.equal(after.length, 1, stdout);
    assert(!before?.includes("remove:"));
    assert.match(after[0] ?? "", /other projects and backends: check before .*\n[^]*remove: /);
  });

  it("prints no secret, as text and as JSON", async () => {
    const { accessKeys } = create("lost@x.example");
    for (const flags of [[], ["--json"]]) {
      const { stdout, stderr } = await place.run(["orphans", ...flags]);
      assert(stdout.includes(accessKeys[0]?.accessKeyId ?? "-"));
      for (const { secretAccessKey } of [...accessKeys, place.emulator.credentials]) {
        assert(!`${stdout}${stderr}`.includes(secretAccessKey));
      }
    }
    const listing = JSON.parse((await place.run(["orphans", "--json"])).stdout) as {
      orphans: object[];
    };
    assert.equal(listing.orphans.length, 1);
    assert.deepEqual(
      Object.keys(listing.orphans[0] ?? {}).join(),
      "kind,emailAddress,userId,state,buckets,hasHeldKeys,interruptedIn,accessKeyIds,untoldKeys,adopt,remove",
    );
  });

  it("prints what an interrupted run was creating, and the buckets of a user", async () => {
    const { emailAddress, userId } = create("lost@x.example");
    place.emulator.cluster.createBucket("data", emailAddress);
    const creating = { ...user(""), inputs: { emailAddress: "Lost@x.example" } };
    place.states["selected"] = stateOf([], [{ type: "creating", resource: creating }]);
    const { stdout } = await place.run(["orphans"]);
    const notes =
      "was being created when a run was interrupted, or is being created now; owns buckets: data";
    assert(stdout.includes(`user lost@x.example (${userId}); ${notes}\n`), stdout);
    assert(stdout.includes(`delete-user ${userId}\n`), "the line does not contain --after-kill");
    for (const line of [
      "pulumi cancel --yes --stack selected  # if the stack is locked",
      "pulumi up --stack selected",
      "pulumi refresh --yes --clear-pending-creates --stack selected  # removes the mark",
    ]) {
      assert(stdout.includes(`\n  ${line}\n`), stdout);
    }
  });

  it("prints in which folder to run the lines for a stack of another project", async () => {
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

  it("prints no adopt line for a key whose secret the service does not return, and says why", async () => {
    const hiding = createEmulator({ seed: 6, assumptions: { secretsReadable: false } });
    await hiding.start();
    try {
      const { userId, accessKeys } = hiding.cluster.createUser("lost@x.example");
      const id = accessKeys[0]?.accessKeyId ?? "?";
      place.config["ostor:endpoint"] = { value: hiding.endpoint };
      place.config["ostor:accessKeyId"] = { value: hiding.credentials.accessKeyId };
      place.config["ostor:secretAccessKey"] = { value: hiding.credentials.secretAccessKey };
      const { stdout } = await place.run(["orphans"]);
      assert(
        stdout.includes(`(${userId}); the service does not return the secret of ${id}, `),
        stdout,
      );
      assert.deepEqual(stdout.match(/new ostor\.\w+/g), ["new ostor.User"]);
    } finally {
      await hiding.stop();
    }
  });

  it("names the flag, not the stack, for an endpoint of the command line", async () => {
    const unreached = await place.run(["orphans", "--endpoint", "http://127.0.0.1:1"], {
      OSTOR_MAX_RETRIES: "0",
    });
    assert.match(unreached.stderr, /check the endpoint: --endpoint https:/);
    const wrong = await place.run(["orphans", "--endpoint", "s3.example.com"]);
    assert.match(
      wrong.stderr,
      /--endpoint must be scheme, host and port.*is "s3\.example\.com" \[invalid-setting\]$/m,
    );
    assert.doesNotMatch(`${unreached.stderr}${wrong.stderr}`, /config set [^;]*ostor:endpoint/);
  });

  it("names only the stack in which something is being created, also in a refusal", async () => {
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
    assert.match(
      stderr,
      /: it is being created, by the state of stack staging; if no run is in progress,/,
    );
  });

  it("does not count an output of a stack as a key in it", async () => {
    const { userId, accessKeys } = create("lost@x.example");
    const outputs = { accessKeyId: accessKeys[0]?.accessKeyId };
    const urn = "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev";
    place.states["selected"] = stateOf([{ urn, type: "pulumi:pulumi:Stack", outputs }]);
    const { stdout } = await place.run(["orphans"]);
    assert(stdout.includes(`user lost@x.example (${userId})\n`), stdout);
    assert(stdout.includes(`adopt: "${accessKeys[0]?.accessKeyId ?? "?"}" });\n`), stdout);
  });

  it("prints the fix of a refusal with flags for the stack that was named", async () => {
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
    const unreached = await place.run(["orphans", "--stack", "prod"], { OSTOR_MAX_RETRIES: "0" });
    assert(
      unreached.stderr.includes(
        ": pulumi config set --stack prod ostor:endpoint https://0.0.0.0:1 [unsafe-settings]\n",
      ),
    );
    delete place.current;
    place.configOf["dev"] = { ...place.config, "ostor:secretAccessKey": { value: "wrong" } };
    const unselected = await place.run(["orphans"]);
    assert.match(unselected.stderr, /: pulumi config set --stack dev ostor:accessKeyId /);
  });

  it("counts resources whose deletion is pending, of any provider, and not resources that are only read", async () => {
    const [pending, read, elsewhere] = ["a@x.example", "b@x.example", "c@x.example"].map(create);
    place.states["selected"] = stateOf([
      user(pending?.userId ?? "", { delete: true }),
      key(pending?.accessKeys[0]?.accessKeyId ?? "", { delete: true }),
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

  it("compares all stacks of the project, and prints which is configured for another cluster", async () => {
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

  it("compares all stacks of the project if one is named, also with one of another project", async () => {
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
    assert.match(
      refused.stderr,
      /it is in a stack; remove it from the program of that stack \[in-stack\]$/m,
    );
    const both = await place.run(["orphans", "--stack", "dev", "--stack", "organization/b/one"]);
    assert.match(both.stdout, /^No orphans: .* stacks dev, organization\/b\/one, prod\.\n$/);
    assert.deepEqual(place.written(), []);
  });

  it("gives resources in adopt lines names that are unique, also among those in the stacks", async () => {
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

  it("prints names so that they have no effect in a shell, a program or a terminal", async () => {
    const address = "x\u001b[31m\"$(touch x)\u202e'@y.example";
    create(address);
    place.states = { "de v$(id)": stateOf([]) };
    const { stdout } = await place.run(["orphans", "--stack", "de v$(id)"]);
    for (const letter of ["\u001b", "\u202e"]) assert(!stdout.includes(letter));
    assert.match(stdout, /delete-user [0-9a-f]{16} --stack 'de v\$\(id\)'\n/);
    const [, text = ""] = /emailAddress: ("(?:[^"\\]|\\.)*"), adopt/.exec(stdout) ?? [];
    assert.equal(runInNewContext(text), address);
  });

  it("does not list users of the panel and the system user", async () => {
    create("0123456789abcdef@s3.virtuozzo");
    assert.equal((await place.run(["orphans"])).code, 0);
  });

  it("reads settings from the environment that the configuration does not contain, and the endpoint from its flag", async () => {
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

  it("fails in one line that contains the fix and a code", async () => {
    const wrong = { value: "wrong" };
    for (const [change, words, reason] of [
      [
        () => delete place.config["ostor:endpoint"],
        [],
        /endpoint is not set; run: pulumi config set .*\[invalid-setting\]$/m,
      ],
      [
        () => (place.config["ostor:secretAccessKey"] = wrong),
        [],
        /403.*check the credentials.*\[credentials-rejected\]$/m,
      ],
      [
        () => (place.config["ostor:endpoint"] = { value: "http://127.0.0.1:1" }),
        [],
        /no answer from.*\[network-unreachable\]$/m,
      ],
      [
        () => (place.states["selected"] = {}),
        [],
        /the output of pulumi is not the state of a stack; .*\[unexpected-output\]$/m,
      ],
      [
        () => undefined,
        ["--stack", "nope"],
        /stack nope: no stack named 'nope' found \[pulumi-failed\]$/m,
      ],
      [
        () => undefined,
        ["--cwd", "/no/such"],
        /--cwd \/no\/such: the folder does not exist \[folder-not-found\]$/m,
      ],
      [
        () => (place.states = {}),
        [],
        /list the stacks of the project: the project has no stack \[no-stacks\]$/m,
      ],
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

  it("reports that the engine is not on PATH", async () => {
    const bin = resolve(process.execPath, "..");
    const { stderr } = await place.run(["orphans"], { PATH: bin });
    assert.match(
      stderr,
      /: pulumi is in none of the \d+ folders of PATH; install the Pulumi CLI \[no-pulumi\]$/m,
    );
  });

  it("prints its help, and refuses unknown commands and flags", async () => {
    assert.match((await place.run(["--help"])).stdout, /orphans .*\n.*delete-user .*\n/s);
    const unknown = await place.run(["orphan"]);
    assert.match(
      unknown.stderr,
      /^pulumi-ostor: unknown command 'orphan'.*orphans.*; --help lists commands and flags \[wrong-usage\]\n$/,
    );
    assert.equal(unknown.code, 2);
    const flag = await place.run(["orphans", "--al"]);
    assert.match(flag.stderr, /^pulumi-ostor: unknown option '--al'[^\n]*\n$/);
    assert.equal(flag.code, 2);
  });
});
