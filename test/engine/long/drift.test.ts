import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { requireSuccess, useCluster, type Stack } from "../harness";

const program = `
const a = new ostor.User("a", { emailAddress: "a@x.example" });
new ostor.AccessKey("a-key", { user: a });
const b = new ostor.User("b", { emailAddress: "b@x.example", createAccessKey: true });
new ostor.AccessKey("b-key", { user: b, keepers: { rotated: "before" } });
new ostor.User("c", { emailAddress: "c@x.example" });
new ostor.User("d", { emailAddress: "d@x.example" });
new ostor.User("e", { emailAddress: "e@x.example" });
const g = new ostor.User("g", { emailAddress: "g@x.example" });
new ostor.RotatingAccessKey("g-keys", { user: g, generation: 1 });`;

const changedProgram = `${program
  .replace('"d@x.example"', '"d@x.example", state: "disabled"')
  .replace(/.*"e@x.example".*/, "")
  .replace("before", "after")
  .replace("generation: 1", "generation: 2")}
new ostor.User("f", { emailAddress: "f@x.example" });
ostor.User.get("looked-at", "a@x.example");
const provider = { create: async () => ({ id: "1" }) };
new pulumi.dynamic.Resource(provider, "foreign", {});`;

interface Reported {
  result: string;
  title: string;
  stack: string;
  drift: Row[];
  pending: Row[];
  others: { name: string }[];
  compared: number;
}
interface Row {
  user?: string;
  kind: string;
  property: string;
  declared: string;
  found: string;
}

const logOf = (stack: Stack) => join(stack.directory, "drift.log");

/** Runs the engine with an event log, then `drift` on that log. Returns the results of both. */
async function compareIn(stack: Stack, flags: string[]) {
  const words = [...flags, "--expect-no-changes", "--event-log", logOf(stack)];
  const engine = await stack.pulumi(words, { PULUMI_DEBUG_COMMANDS: "true" });
  const ended = await stack.command(["drift", "--json", logOf(stack)]);
  return { engine, ended, report: JSON.parse(ended.output) as Reported };
}

const rows = (of: Row[]) =>
  of.map(({ kind, user = "", property, declared, found }) =>
    [kind, user, property, declared, found].join(" ").replace(/[0-9a-f]{16}\w{4}/g, "<id>"),
  );
const preview = ["preview", "--refresh"];

describe("pulumi-ostor drift on logs of the engine", function () {
  this.timeout(300_000);
  const used = useCluster();
  const log = () => logOf(used.stack);
  const compare = (flags: string[]) => compareIn(used.stack, flags);

  before(async () => {
    used.stack.program(program);
    requireSuccess(await used.stack.up());
  });

  it("reports no drift, and the engine exits with 0, while nothing differs", async () => {
    const { engine, ended, report } = await compare(preview);
    assert.deepEqual([engine.code, ended.code], [0, 0], engine.output.slice(-2000));
    assert.deepEqual([report.result, report.stack, report.compared], ["same", "dev", 9]);
  });

  it("does not report a preview that read no cluster as free of drift", async () => {
    const { engine, ended, report } = await compare(["preview"]);
    assert.deepEqual([engine.code, ended.code, report.result], [0, 1, "unknown"]);
    assert.match(report.title, /the run did not read 9 resources of stack dev from the cluster/);
  });

  const drifted = [
    "key a@x.example exists yes no",
    "key g@x.example accessKeyId <id> (revoked)",
    "user a@x.example state enabled disabled",
    "user b@x.example createAccessKey true false",
    "user c@x.example exists yes no",
  ];

  it("reports what was declared and what was found, also for a refresh, which runs no program", async () => {
    const { cluster } = used.emulator;
    const own = async (name: string) =>
      String((await used.stack.resource(name))?.outputs?.["accessKeyId"]);
    cluster.revokeKey(await own("a-key"));
    cluster.revokeKey(await own("b"));
    cluster.revokeKey(await own("g-keys"));
    cluster.setUserState("a@x.example", "disabled");
    cluster.deleteUser("c@x.example");
    const { engine, ended, report } = await compare(["refresh", "--preview-only"]);
    assert.deepEqual([engine.code, ended.code], [7, 7]);
    assert.deepEqual(rows(report.drift), drifted);
    assert.deepEqual(rows(report.pending), []);
  });

  it("separates drift from what the program declares and nobody applied yet", async () => {
    used.stack.program(changedProgram);
    const { engine, ended, report } = await compare(preview);
    assert.deepEqual([engine.code, ended.code], [7, 7]);
    assert.deepEqual(rows(report.drift), drifted);
    assert.deepEqual(rows(report.pending), [
      "key b@x.example keepers (not shown) (differs)",
      "key g@x.example generation (changed) not yet",
      "user d@x.example state disabled enabled",
      "user e@x.example exists no yes",
      "user f@x.example exists yes no",
    ]);
    assert.deepEqual(
      report.others.map(({ name }) => name),
      ["foreign"],
    );
    assert.equal(report.compared, 9, "a resource that is only read is not compared");
  });

  it("contains no secret, in the log or in the output", async () => {
    const secrets = [
      used.emulator.credentials.secretAccessKey,
      ...used.emulator.cluster
        .users()
        .flatMap(({ accessKeys }) => accessKeys.map(({ secretAccessKey }) => secretAccessKey)),
    ];
    const { output } = await used.stack.command(["drift", log()]);
    const texts = [readFileSync(log(), "utf8"), output];
    assert.ok(secrets.length > 1 && texts.every((text) => text.length > 100));
    for (const secret of secrets) assert.ok(texts.every((text) => !text.includes(secret)));
  });

  it("reports why a run failed, and not that there is no drift", async () => {
    await used.emulator.stop();
    const { engine, ended, report } = await compare(preview);
    await used.emulator.start();
    assert.deepEqual([engine.code, ended.code, report.result], [1, 1, "unknown"]);
    assert.match(report.title, /not known: the run failed: read .*: no answer from http:/);
  });
});

describe("pulumi-ostor drift before users move into Tenants", function () {
  this.timeout(300_000);
  const used = useCluster();

  it("compares them under their former names, and reports which were deleted outside", async () => {
    const all = (kind: string, more = "") =>
      ["acme", "initech"]
        .map(
          (name) => `new ostor.${kind}("${name}", { emailAddress: "ops@${name}.example"${more} });`,
        )
        .join("\n");
    used.stack.program(all("User"));
    requireSuccess(await used.stack.up());
    used.stack.program(all("Tenant", ', movedFrom: "stack"'));
    const before = await compareIn(used.stack, preview);
    assert.deepEqual(rows(before.report.drift), []);
    assert.notEqual(before.report.result, "unknown", before.report.title);
    used.emulator.cluster.setUserState("ops@initech.example", "disabled");
    used.emulator.cluster.deleteUser("ops@acme.example");
    const { ended, report } = await compareIn(used.stack, preview);
    assert.equal(ended.code, 7, report.title);
    assert.deepEqual(rows(report.drift).sort(), [
      "user ops@acme.example exists yes no",
      "user ops@initech.example state enabled disabled",
    ]);
  });
});
