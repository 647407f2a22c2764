import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "../harness";

describe("a Bucket on the engine", () => {
  const used = useCluster();
  const track = (args = "") => {
    used.stack.program(`new ostor.Bucket("inventory", { name: "inventory", ${args} });`);
  };

  it("fails in one line while the bucket does not exist", async () => {
    used.emulator.cluster.createUser("ops@acme.example");
    used.emulator.cluster.createUser("ops@globex.example");
    track();
    const refused = await used.stack.up();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /read bucket inventory: the bucket does not exist on the cluster/);
  });

  it("tracks owner and creation date; a change of size is no drift", async () => {
    used.emulator.cluster.createBucket("inventory", "ops@acme.example");
    requireSuccess(await used.stack.up());
    const { id, outputs } = (await used.stack.resource("inventory")) ?? {};
    const [bucket] = used.emulator.cluster.buckets();
    assert.equal(id, "inventory");
    assert.equal(outputs?.["ownerId"], bucket?.ownerId);
    assert.equal(outputs?.["creationDate"], bucket?.creationDate);
    used.emulator.cluster.putObject("inventory", "a.csv", "12345");
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("reports another owner as drift, and up tracks the new one", async () => {
    used.emulator.cluster.setBucketOwner("inventory", "ops@globex.example");
    assert.equal((await used.stack.preview("--refresh", "--expect-no-changes")).code, 7);
    requireSuccess(await used.stack.up("--refresh"));
    const { outputs } = (await used.stack.resource("inventory")) ?? {};
    assert.equal(outputs?.["ownerId"], used.emulator.cluster.user("ops@globex.example")?.userId);
  });

  it("fails when the declared owner is not the actual one", async () => {
    track(`owner: "ops@acme.example"`);
    const refused = await used.stack.up();
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /read bucket inventory: its owner is user [0-9a-f]{16}, but the declared owner is ops@acme\.example/,
    );
    track(`owner: "ops@globex.example"`);
    requireSuccess(await used.stack.up());
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("reports a bucket that does not exist any more as drift", async () => {
    used.emulator.cluster.deleteBucket("inventory");
    assert.equal((await used.stack.preview("--refresh", "--expect-no-changes")).code, 7);
    used.emulator.cluster.createBucket("inventory", "ops@globex.example");
    requireSuccess(await used.stack.up("--refresh"));
  });

  it("deletes nothing on destroy, and prints that", async () => {
    const { output } = requireSuccess(await used.stack.destroy());
    assert.match(output, /bucket inventory is no longer tracked; the bucket and its objects stay/);
    assert.equal(used.emulator.cluster.buckets().length, 1);
  });
});
