import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "../harness";

const program = (args = "") => `
const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example", ${args} });
new ostor.AccessKey("key", { user: tenant });`;

describe("the deletion of a tenant that owns buckets, on the engine", () => {
  const used = useCluster();
  const ids = () => used.emulator.cluster.user("ops@acme.example")?.accessKeys ?? [];

  it("is refused with names and sizes, and the tenant's key still works", async () => {
    used.stack.program(program());
    requireSuccess(await used.stack.up());
    used.emulator.cluster.createBucket("data", "ops@acme.example");
    used.emulator.cluster.putObject("data", "report.csv", "12345");
    const before = ids();
    used.stack.program("");
    const refused = await used.stack.up();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /refused, it owns bucket data \(\d+ B\).*its keys \w+ still work/);
    assert.doesNotMatch(refused.output, /^\s+at /m, "no stack trace");
    assert.deepEqual(ids(), before);
    assert.ok(await used.stack.resource("acme"), "the user stays in state");
  });

  it("is refused at preview for a change of address, before anything is deleted", async () => {
    const id = ids()[0]?.accessKeyId ?? "";
    used.stack.program(program().replace("user: tenant", `user: tenant, adopt: "${id}"`));
    requireSuccess(await used.stack.up());
    used.stack.program(program().replace("ops@", "new@"));
    used.emulator.clearRequests();
    const refused = await used.stack.preview();
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /change the address of user ops@acme\.example to new@acme\.example: .* it owns bucket data/,
    );
    assert.deepEqual(
      used.emulator.requests.map(({ operation }) => operation),
      ["listBuckets"],
    );
  });

  it("is refused with deleteEmptyBuckets while one of two buckets contains an object; both stay", async () => {
    used.emulator.cluster.createBucket("empty", "ops@acme.example");
    const id = ids()[0]?.accessKeyId ?? "";
    used.stack.program(
      program("deleteEmptyBuckets: true").replace("user: tenant", `user: tenant, adopt: "${id}"`),
    );
    requireSuccess(await used.stack.up());
    const refused = await used.stack.destroy();
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /owns bucket data \(\d+ B\); they hold objects, versions or unfinished uploads|bucket data .*never deleted/,
    );
    assert.equal(used.emulator.cluster.buckets().length, 2);
    assert.equal(ids().length, 1);
  });

  it("succeeds with deleteEmptyBuckets once all buckets are empty", async () => {
    used.emulator.cluster.deleteObject("data", "report.csv");
    requireSuccess(await used.stack.destroy());
    assert.deepEqual(used.emulator.cluster.buckets(), []);
    assert.deepEqual(used.emulator.cluster.users(), []);
  });

  it("is refused while a bucket contains only a version", async () => {
    used.stack.program(program("deleteEmptyBuckets: true"));
    requireSuccess(await used.stack.up());
    used.emulator.cluster.createBucket("versions", "ops@acme.example");
    used.emulator.cluster.putObject("versions", "report.csv", "12345");
    used.emulator.cluster.deleteObject("versions", "report.csv", { marker: true });
    const refused = await used.stack.destroy();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /bucket versions/);
    assert.equal(used.emulator.cluster.buckets().length, 1);
  });

  it("is refused for a disabled owner, which is not enabled implicitly", async () => {
    used.emulator.cluster.setUserState("ops@acme.example", "disabled");
    const refused = await used.stack.destroy();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /ops@acme\.example.*disabled user.* cannot be checked/);
    assert.equal(used.emulator.cluster.user("ops@acme.example")?.state, "disabled");
  });
});
