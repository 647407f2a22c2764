import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "./harness";

const tenant = (args = "", keys: Record<string, string> = {}, address = "ops@acme.example") =>
  [
    `const tenant = new ostor.User("acme", { emailAddress: "${address}", ${args} });`,
    ...Object.entries(keys).map(
      ([name, more]) => `new ostor.AccessKey("${name}", { user: tenant, ${more} });`,
    ),
  ].join("\n");

const createFirst = `keepers: { rotated: "1" }`;
const deleteFirst = `keepers: { rotated: "2" }, replaceOrder: "delete-first"`;

describe("a tenant from creation to deletion, on the engine", () => {
  // Releases 2.x do not report that a user is disabled.
  const used = useCluster({ assumptions: { statesShown: true } });
  const cluster = () => used.emulator.cluster;
  const acme = () => cluster().user("ops@acme.example");
  const ids = () => acme()?.accessKeys.map(({ accessKeyId }) => accessKeyId) ?? [];
  const storedId = async (name: string) => (await used.stack.resource(name))?.id ?? "";
  const operations = () => used.emulator.requests.map(({ operation }) => operation);

  it("is created by up: a user and two keys, stored without a secret in plain text", async () => {
    used.stack.program(tenant("", { app: "", backup: "" }));
    requireSuccess(await used.stack.up());
    assert.deepEqual([await storedId("app"), await storedId("backup")].sort(), ids().sort());
    const user = await used.stack.resource("acme");
    assert.deepEqual([user?.id, user?.outputs?.["userId"]], [acme()?.emailAddress, acme()?.userId]);
    const state = JSON.stringify(await used.stack.resources());
    for (const key of acme()?.accessKeys ?? []) assert.ok(!state.includes(key.secretAccessKey));
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("is reported with exit code 7 when someone else changed it, and up --refresh fixes it", async () => {
    const revoked = await storedId("app");
    cluster().setUserState("ops@acme.example", "disabled");
    cluster().revokeKey(revoked);
    const preview = await used.stack.preview("--refresh", "--diff", "--expect-no-changes");
    assert.equal(preview.code, 7, preview.output);
    assert.match(preview.output, /~ state\s*: "disabled" => "enabled"/);
    assert.match(preview.output, /\+ pulumi-nodejs:dynamic\/ostor:AccessKey/);
    requireSuccess(await used.stack.up("--refresh"));
    assert.equal(acme()?.state, "enabled");
    assert.ok(!ids().includes(revoked) && ids().includes(await storedId("app")), ids().join());
  });

  it("is suspended in place by one request, and its keys stay", async () => {
    const before = ids();
    used.stack.program(tenant(`state: "disabled"`, { app: "", backup: "" }));
    used.emulator.clearRequests();
    requireSuccess(await used.stack.up());
    assert.deepEqual(operations(), ["getUser", "disableUser"]);
    assert.deepEqual([acme()?.state, ids()], ["disabled", before]);
  });

  it("rotates keys create-first, or delete-first where declared", async () => {
    const writesOf = async (app: string) => {
      used.stack.program(tenant("", { app }));
      used.emulator.clearRequests();
      requireSuccess(await used.stack.up());
      assert.deepEqual(ids(), [await storedId("app")]);
      return operations().filter((operation) => /^(generate|revoke)Key$/.test(operation));
    };
    assert.deepEqual(await writesOf(""), ["revokeKey"], "revokes the key that left the program");
    assert.deepEqual(await writesOf(createFirst), ["generateKey", "revokeKey"]);
    assert.deepEqual(await writesOf(deleteFirst), ["revokeKey", "generateKey"]);
  });

  it("keeps its key when its deletion is refused because of a bucket, and is deleted once the bucket is empty", async () => {
    cluster().createBucket("data", "ops@acme.example");
    cluster().putObject("data", "report.csv", "12345");
    const before = ids();
    used.stack.program("");
    const refused = await used.stack.up();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /refused, it owns bucket data \(\d+ B\).*its keys \w+ still work/);
    assert.doesNotMatch(refused.output, /^\s+at /m, "no stack trace");
    assert.deepEqual(ids(), before);
    cluster().deleteObject("data", "report.csv");
    used.stack.program(tenant("deleteEmptyBuckets: true"));
    requireSuccess(await used.stack.up());
    requireSuccess(await used.stack.destroy());
    assert.deepEqual([cluster().users(), cluster().buckets()], [[], []]);
    assert.deepEqual(await used.stack.resources(), []);
  });
});
