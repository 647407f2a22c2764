import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "./command";
import { runHere, type Ended } from "./runHere";

const secret = "S3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3cr";
const other = "An0therAn0therAn0therAn0therAn0therAn0th";
const prelude = { preludeEvent: { config: {} } };
const succeeded = summary({ result: "succeeded" });

function summary(more: object) {
  return { summaryEvent: { isPreview: true, resourceChanges: { same: 1 }, ...more } };
}

function metadata(op: string, kind: string, name: string, old: unknown, next: unknown) {
  const type = kind.includes(":") ? kind : `pulumi-nodejs:dynamic/ostor:${kind}`;
  return { op, type, urn: `urn:pulumi:dev::tenants::${type}::${name}`, old, new: next };
}

function state(inputs: object, more: object = {}) {
  return { id: "i", inputs: { __provider: "…", ...inputs }, outputs: inputs, ...more };
}

/** The events of a refresh of one resource. */
function refresh(kind: string, name: string, old: object, found: object | null, ended = "refresh") {
  return [
    { resourcePreEvent: { metadata: metadata("refresh", kind, name, old, old) } },
    { resOutputsEvent: { metadata: metadata(ended, kind, name, old, found) } },
  ];
}

function planned(op: string, kind: string, name: string, old: unknown, next: unknown) {
  return [
    { resourcePreEvent: { metadata: metadata(op, kind, name, old, next) } },
    { resOutputsEvent: { metadata: metadata(op, kind, name, old, next) } },
  ];
}

function log(...events: object[]): string {
  return events.map((event, sequence) => JSON.stringify({ sequence, ...event }) + "\n").join("");
}

/** User, property, declared and found of a printed JSON report. */
function rowsOf({ stdout }: Ended, cause: "drift" | "pending"): (string | undefined)[][] {
  const report = JSON.parse(stdout) as Record<typeof cause, Record<string, string>[]>;
  return report[cause].map(({ user, property, declared, found }) => [
    user,
    property,
    declared,
    found,
  ]);
}

describe("pulumi-ostor drift", function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-drift-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  async function drift(text: string, ...flags: string[]): Promise<Ended> {
    const file = join(folder, "drift.log");
    writeFileSync(file, text);
    return run([file, ...flags]);
  }
  function run(words: string[], input?: string): Promise<Ended> {
    if (input === undefined) return runHere(["drift", ...words], {});
    const flags = [command, "drift", ...words];
    return new Promise((settle) => {
      const child = execFile(process.execPath, flags, (error, stdout, stderr) => {
        settle({ code: error ? Number(error.code) : 0, stdout, stderr });
      });
      child.stdin?.end(input);
    });
  }

  const enabled = state({ emailAddress: "a@x.example", state: "enabled" });
  const disabled = state({ emailAddress: "a@x.example", state: "disabled" });
  const drifted = log(
    prelude,
    ...refresh("User", "a", enabled, disabled),
    ...planned("update", "User", "a", disabled, enabled),
    succeeded,
  );

  it("prints a table of user, property, declared and found, and ends with 7", async () => {
    const { code, stdout } = await drift(drifted);
    assert.equal(code, 7);
    assert.equal(
      stdout,
      `Drift: 1 difference; 1 resource of stack dev compared with the cluster

user, key or bucket  property  declared  found
user a@x.example     state     enabled   disabled

To repair it, run: pulumi up --refresh --stack dev
`,
    );
  });

  it("reads standard input", async () => {
    assert.equal((await run(["-", "--json"], drifted)).code, 7);
  });

  it("prints Markdown in which a name is never markup", async () => {
    const odd = "<b>|`a`|</b>\u001b[2J\n# x@x.example";
    const of = (value: string) => state({ emailAddress: odd, state: value });
    const { stdout } = await drift(
      log(
        prelude,
        ...refresh("User", "a", of("enabled"), of("disabled")),
        ...planned("update", "User", "a", of("disabled"), of("enabled")),
        succeeded,
      ),
      "--markdown",
    );
    const row = stdout.split("\n").find((line) => line.includes("x@x.example")) ?? "";
    assert.match(row, /^\| user &#60;b&#62;&#124;&#96;a&#96;&#124;/);
    assert.equal(row.split("|").length, 6, row);
    assert.ok(!stdout.includes("\u001b"));
    assert.doesNotMatch(stdout, /<b>|^# /m);
  });

  it("limits Markdown to the size of a job's page, and prints how much is left out", async () => {
    const long = `${"<".repeat(180)}@x.example`;
    const of = (value: string) => state({ emailAddress: long, state: value });
    const many = Array.from({ length: 1000 }, (_, index) => [
      ...refresh("User", `${index}`, of("enabled"), of("disabled")),
      ...planned("update", "User", `${index}`, of("disabled"), of("enabled")),
    ]);
    const { stdout } = await drift(log(prelude, ...many.flat(), succeeded), "--markdown");
    assert.ok(Buffer.byteLength(stdout) < 1024 ** 2, `${Buffer.byteLength(stdout)} bytes`);
    const rows = stdout.split("\n").filter((line) => line.startsWith("| user &#60;")).length;
    assert.match(
      stdout,
      new RegExp(`^… and ${1000 - rows} more: the page of a job is limited\\.`, "m"),
    );
    assert.match(stdout, /^## Drift: 1000 differences;[^]*pulumi up --refresh/);
  });

  it("ends without an error if the reader of its output stops", async () => {
    const file = join(folder, "drift.log");
    const many = Array.from({ length: 5000 }, (_, index) => [
      ...refresh("User", `${index}`, enabled, disabled, "update"),
    ]);
    writeFileSync(file, log(prelude, ...many.flat(), succeeded));
    const line = `"$0" "$1" drift "$2" | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const flags = ["-c", line, process.execPath, command, file];
    const { stdout, stderr } = await new Promise<Ended>((settle) => {
      execFile("bash", flags, (_, out, err) => {
        settle({ code: 0, stdout: out, stderr: err });
      });
    });
    assert.match(stdout, /^Drift: 5000 differences;[^\n]*\n7\n$/);
    assert.equal(stderr, "");
  });

  it("reads a log with a text of many megabytes in it", async () => {
    const printed = { stdoutEvent: { message: "x".repeat(20_000_000) } };
    const { code, stdout } = await drift(
      log(prelude, printed, ...refresh("User", "a", enabled, disabled, "update"), succeeded),
    );
    assert.equal(code, 7);
    assert.match(stdout, /^Drift: 1 difference;/);
  });

  it("does not report as pending what a run has applied", async () => {
    const applied = summary({
      isPreview: false,
      result: "succeeded",
      resourceChanges: { delete: 1 },
    });
    const { code, stderr } = await drift(
      log(prelude, ...planned("delete", "User", "a", enabled, null), applied),
    );
    assert.equal(code, 1);
    assert.match(
      stderr,
      /not known: the run changed the cluster, .*; run: .*pulumi preview .* \[run-changed\]\n$/,
    );
  });

  it("prints for a missing object that an up may refuse it", async () => {
    const bucket = state({ name: "logs" });
    const user = log(prelude, ...refresh("User", "a", enabled, null, "delete"), succeeded);
    assert.match((await drift(user)).stdout, /\n\nA user that someone deleted and re-created/);
    const { stdout } = await drift(
      log(prelude, ...refresh("Bucket", "b", bucket, null, "delete"), succeeded),
      "--markdown",
    );
    assert.match(stdout, /\n\nA bucket that someone re-created/);
    assert.doesNotMatch(stdout, /A user that/);
    assert.doesNotMatch((await drift(drifted)).stdout, /A user that|A bucket that/);
  });

  it("prints how many resources were compared if nothing differs", async () => {
    const same = log(
      prelude,
      ...refresh("User", "a", enabled, enabled),
      ...planned("same", "User", "a", enabled, enabled),
      succeeded,
    );
    const { code, stdout } = await drift(same);
    assert.deepEqual(
      [code, stdout],
      [0, "No drift: 1 resource of stack dev compared with the cluster\n"],
    );
  });

  it("does not report as drift what the program declares too", async () => {
    const same = log(
      prelude,
      ...refresh("User", "a", enabled, disabled),
      ...planned("same", "User", "a", disabled, disabled),
      succeeded,
    );
    assert.equal((await drift(same)).code, 0);
  });

  it("reports a revoked rotating key as drift, and a rotation that is due as pending", async () => {
    const declared = { user: "a@x.example", every: "30d" };
    const outputs = { emailAddress: "a@x.example", accessKeyId: "AK2", previousAccessKeyId: "AK1" };
    const before = state(declared, { outputs });
    const revoked = state(declared, { outputs: { ...outputs, accessKeyId: undefined } });
    const next = state(declared);
    const lost = await drift(
      log(
        prelude,
        ...refresh("RotatingAccessKey", "k", before, revoked),
        ...planned("update", "RotatingAccessKey", "k", revoked, next),
        succeeded,
      ),
      "--json",
    );
    assert.deepEqual(rowsOf(lost, "drift"), [["a@x.example", "accessKeyId", "AK2", "(revoked)"]]);
    const due = await drift(
      log(
        prelude,
        ...refresh("RotatingAccessKey", "k", before, before),
        ...planned("update", "RotatingAccessKey", "k", before, next),
        succeeded,
      ),
      "--json",
    );
    assert.deepEqual(rowsOf(due, "drift"), []);
    assert.deepEqual(rowsOf(due, "pending"), [["a@x.example", "rotation", "due", "not yet"]]);
  });

  it("counts and names differences of other packages", async () => {
    const ofOthers = log(
      prelude,
      ...planned("update", "aws:s3/bucket:Bucket", "logs", enabled, disabled),
      ...planned("update", "pulumi:providers:pulumi-nodejs", "default", enabled, disabled),
      succeeded,
    );
    const { code, stdout } = await drift(ofOthers);
    assert.equal(code, 7);
    assert.match(
      stdout,
      /^No drift of users, keys and buckets, but the run would change something;/,
    );
    assert.match(
      stdout,
      /2 resources other than users, keys and buckets would change too: logs \(aws:s3\/bucket:Bucket\), default \(pulumi:providers:pulumi-nodejs\)/,
    );
  });

  it("reports a change that the engine counts and the log does not name", async () => {
    const { code, stdout } = await drift(
      log(prelude, summary({ result: "succeeded", resourceChanges: { update: 2 } })),
    );
    assert.equal(code, 7);
    assert.match(stdout, /The engine counts 2 changes that its log does not name/);
  });

  it("reports a change without a different input, such as of a partially created user", async () => {
    const { stdout, code } = await drift(
      log(
        prelude,
        ...refresh("User", "a", enabled, enabled),
        ...planned("update", "User", "a", enabled, enabled),
        succeeded,
      ),
    );
    assert.equal(code, 7);
    assert.match(stdout, /not applied yet:\n[^]*user a@x.example +\(not told by the log\)/);
  });

  it("does not report inputs as drift that a refresh does not return", async () => {
    const declared = (more: object) => state({ ...more, adopt: "c0ffee" });
    const user = { emailAddress: "a@x.example" };
    const edited = await drift(
      log(
        prelude,
        ...refresh(
          "User",
          "a",
          declared({ ...user, state: "enabled" }),
          state({ ...user, state: "enabled" }),
        ),
        ...planned(
          "update",
          "User",
          "a",
          state({ ...user, state: "enabled" }),
          declared({ ...user, state: "disabled" }),
        ),
        succeeded,
      ),
      "--json",
    );
    assert.deepEqual(rowsOf(edited, "drift"), []);
    assert.deepEqual(rowsOf(edited, "pending"), [["a@x.example", "state", "disabled", "enabled"]]);
    const key = { user: "a@x.example", replaceOrder: "delete-first", keepers: { at: "1" } };
    const found = state({ ...key, replaceOrder: "create-first", userId: "4dab" });
    const rotated = await drift(
      log(
        prelude,
        ...refresh("AccessKey", "k", state(key), found),
        ...planned("replace", "AccessKey", "k", found, state({ ...key, keepers: { at: "2" } })),
        succeeded,
      ),
      "--json",
    );
    assert.deepEqual(rowsOf(rotated, "drift"), []);
    assert.deepEqual(rowsOf(rotated, "pending"), [
      ["a@x.example", "keepers", "(not shown)", "(differs)"],
    ]);
  });

  it("reads a refresh with --run-program, which plans no ostor resource", async () => {
    const { code, stdout } = await drift(
      log(
        prelude,
        ...planned("same", "pulumi:pulumi:Stack", "tenants-dev", enabled, enabled),
        ...refresh("User", "a", enabled, disabled, "update"),
        summary({ result: "succeeded", resourceChanges: { update: 1 } }),
      ),
      "--json",
    );
    assert.equal(code, 7);
    const row = ["a@x.example", "state", "enabled", "disabled"];
    assert.deepEqual(rowsOf({ code, stdout, stderr: "" }, "drift"), [row]);
  });

  it("needs no comparison of what the program no longer declares, which --run-program does not refresh", async () => {
    const { code, stdout } = await drift(
      log(
        prelude,
        ...refresh("User", "b", disabled, disabled),
        ...planned("same", "User", "b", disabled, disabled),
        ...planned("delete", "User", "a", enabled, null),
        succeeded,
      ),
    );
    assert.equal(code, 7);
    assert.match(stdout, /^No drift, but the program is not applied yet/);
  });

  it("does not compare what is only read, also in the log of a refresh", async () => {
    const external = { external: true, inputs: { __provider: "…" } };
    const { stdout } = await drift(
      log(
        prelude,
        ...refresh("User", "a", enabled, enabled),
        ...refresh(
          "User",
          "read",
          { ...enabled, ...external },
          { ...disabled, external: true },
          "update",
        ),
        summary({ result: "succeeded", resourceChanges: { update: 1 } }),
      ),
    );
    assert.match(stdout, /^No drift of users, keys and buckets, .*; 1 resource of stack dev/);
    assert.match(stdout, /would change too: read /);
  });

  it("names the stack as the flag does, because a log contains no organization", async () => {
    const { stdout } = await drift(drifted, "--stack", "acme/dev");
    assert.match(stdout, /; 1 resource of stack acme\/dev compared/);
    assert.match(stdout, /: pulumi up --refresh --stack acme\/dev\n$/);
    const other = await drift(drifted, "--stack", "acme/prod");
    assert.equal(other.code, 1);
    assert.match(
      other.stderr,
      /the event log is of stack dev, not of acme\/prod \[other-stack\]\n$/,
    );
  });

  it("reports a replacement once, and a pending deletion separately", async () => {
    const waiting = state({ emailAddress: "a@x.example" }, { delete: true });
    const { stdout } = await drift(
      log(
        prelude,
        ...refresh("User", "a", enabled, enabled),
        ...refresh("User", "a", waiting, waiting),
        ...planned("delete-replaced", "User", "a", enabled, null),
        ...planned("replace", "User", "a", enabled, disabled),
        ...planned("create-replacement", "User", "a", enabled, disabled),
        ...planned("delete", "User", "a", waiting, null),
        succeeded,
      ),
      "--json",
    );
    const { pending } = JSON.parse(stdout) as { pending: { property: string }[] };
    assert.deepEqual(pending.map(({ property }) => property).sort(), ["exists", "state"]);
  });

  for (const flag of ["", "--json", "--markdown"]) {
    it(`hides a secret that the log contains in plain text ${flag}`, async () => {
      const old = state({ emailAddress: "a@x.example", secretAccessKey: secret, state: "enabled" });
      const hidden = { signature: "s", plaintext: JSON.stringify(other) };
      const next = state({ emailAddress: secret, secretAccessKey: hidden, state: other });
      const { code, stdout, stderr } = await drift(
        log(
          prelude,
          ...refresh("User", "a", old, old),
          ...planned("update", "User", "a", old, next),
          succeeded,
        ),
        ...(flag === "" ? [] : [flag]),
      );
      assert.equal(code, 7);
      assert.match(stdout, /secret\]/);
      for (const each of [secret, other]) {
        assert.ok(!`${stdout}${stderr}`.includes(each.slice(0, 10)));
      }
    });
  }

  describe("of an incomplete log", () => {
    const failure = {
      diagnosticEvent: {
        severity: "error",
        urn: "u",
        message: `Preview failed: read user a: ${secret}\n    at stack (trace.js)`,
      },
    };
    const plain = { preludeEvent: { config: { "ostor:secretAccessKey": secret } } };
    const cases: [string, string, RegExp][] = [
      ["nothing at all", "", /the event log is empty: the run did not start \[event-log-empty\]$/m],
      [
        "another file",
        "error: no stack\n",
        /line 1 is not an event of the engine; .* \[not-an-event-log\]$/m,
      ],
      [
        "another file's JSON",
        '{"a":1}\n{"b":2}\n',
        /line 1 is not an event of the engine; .* \[not-an-event-log\]$/m,
      ],
      [
        "the output of --json",
        '{\n    "config": {}\n}',
        /this is the output of --json.*--event-log.* \[not-an-event-log\]$/m,
      ],
      [
        "one that ends within a line",
        drifted.slice(0, -20),
        /: the event log is incomplete: the run was interrupted \[run-interrupted\]$/m,
      ],
      [
        "one that ends between lines",
        log(prelude),
        /: the event log is incomplete: the run was interrupted \[run-interrupted\]$/m,
      ],
      [
        "a failed run",
        log(plain, failure, summary({ result: "failed" })),
        /: the run failed: read user a: \[secret\] \[run-failed\]$/m,
      ],
    ];
    for (const [name, text, expected] of cases) {
      it(`reports why drift is not known: ${name}`, async () => {
        const { code, stdout, stderr } = await drift(text);
        assert.deepEqual([code, stdout], [1, ""]);
        assert.match(stderr, expected);
        assert.match(stderr, /^pulumi-ostor: Drift is not known: [^\n]+\n$/);
        const page = await drift(text, "--markdown");
        assert.equal(page.code, 1);
        assert.match(page.stdout, /^## Drift is not known: /);
        const json = JSON.parse((await drift(text, "--json")).stdout) as { result: string };
        assert.equal(json.result, "unknown");
        assert.ok(!("code" in json), "codes are for people");
      });
    }

    it("reports a missing file", async () => {
      const { code, stderr } = await run([join(folder, "none.log")]);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /the event log \S+none\.log cannot be read \(ENOENT\): the run did not start; .* \[event-log-unreadable\]/,
      );
    });

    it("reads the last run of several", async () => {
      const failed = log(prelude, failure, summary({ result: "failed" }));
      assert.equal((await drift(`${failed}${drifted}`)).code, 7);
      assert.equal((await drift(`${drifted}${failed}`)).code, 1);
    });
  });
});
