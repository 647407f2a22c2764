import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "./harness";

describe("the get functions on the engine", () => {
  const used = useCluster();

  it("return unknown values in the first preview of a program that uses every get…Output, and known ones after up", async () => {
    used.emulator.cluster.createUser("outside@acme.example");
    used.emulator.cluster.createBucket("inventory", "outside@acme.example");
    used.emulator.cluster.putObject("inventory", "a.csv", "12345");
    used.stack.program(`
      const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example" });
      const key = new ostor.AccessKey("key", { user: tenant });
      exports.byAddress = ostor.getUserOutput({ emailAddress: tenant.emailAddress });
      exports.byId = ostor.getUserOutput({ userId: tenant.userId }, { dependsOn: key });
      exports.users = ostor.getUsersOutput({ dependsOn: [tenant] });
      exports.bucket = ostor.getBucketOutput({ name: "inventory" });
      exports.all = ostor.getBucketsOutput();
      exports.own = ostor.getBucketsOutput({ user: tenant });
      exports.address = ostor.getBucketsOutput({ user: tenant.emailAddress });`);
    const preview = requireSuccess(await used.stack.preview());
    assert.match(preview.output, /byAddress\s*: \[unknown\]/);
    requireSuccess(await used.stack.up());
    const outputs = (await used.stack.outputs()) as Record<string, Record<string, unknown>>;
    const tenant = used.emulator.cluster.user("ops@acme.example");
    assert.equal(outputs["byAddress"]?.["userId"], tenant?.userId);
    assert.deepEqual(outputs["byId"]?.["accessKeyIds"], [tenant?.accessKeys[0]?.accessKeyId]);
    assert.equal(
      outputs["bucket"]?.["ownerId"],
      used.emulator.cluster.user("outside@acme.example")?.userId,
    );
    assert.equal(typeof outputs["bucket"]?.["currentBytes"], "number");
    assert.deepEqual([outputs["own"], outputs["address"]], [{ buckets: [] }, { buckets: [] }]);
    assert.equal(lengthOf(outputs["all"]?.["buckets"]), 1);
    // The system user is listed too.
    assert.equal(lengthOf(outputs["users"]?.["users"]), 3);
    const text = JSON.stringify(outputs);
    assert.ok(
      !text.includes(tenant?.accessKeys[0]?.secretAccessKey ?? "none"),
      "no secret among the data",
    );
  });

  it("also return plain promises, and name what is not found", async () => {
    used.stack.program(`
      module.exports = (async () => {
        const { users } = await ostor.getUsers();
        const { buckets } = await ostor.getBuckets({ user: "outside@acme.example" });
        const { emailAddress } = await ostor.getUser({ emailAddress: "outside@acme.example" });
        const { name } = await ostor.getBucket({ name: "inventory" });
        return { users: users.length, buckets: buckets.length, emailAddress, name };
      })();`);
    requireSuccess(await used.stack.up());
    const { buckets, emailAddress, name } = await used.stack.outputs();
    assert.deepEqual(
      { buckets, emailAddress, name },
      { buckets: 1, emailAddress: "outside@acme.example", name: "inventory" },
    );
    used.stack.program(`module.exports = ostor.getUser({ emailAddress: "nobody@acme.example" });`);
    const refused = await used.stack.preview();
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /read user nobody@acme\.example: the user does not exist on the cluster/,
    );
    assert.doesNotMatch(refused.output, /^\s+at /m, "no stack trace");
  });

  it("read existing resources by id, with secrets marked, without managing them", async () => {
    const outside = used.emulator.cluster.user("outside@acme.example");
    const [key] = outside?.accessKeys ?? [];
    used.stack.program(`
      const user = ostor.User.get("user", "outside@acme.example");
      const key = ostor.AccessKey.get("key", "${key?.accessKeyId ?? ""}");
      const bucket = ostor.Bucket.get("bucket", "inventory");
      exports.userId = user.userId;
      exports.secretAccessKey = key.secretAccessKey;
      exports.ownerId = bucket.ownerId;`);
    requireSuccess(await used.stack.up());
    const printed = requireSuccess(await used.stack.pulumi(["stack", "output"])).output;
    assert.match(printed, /secretAccessKey\s+\[secret\]/);
    const outputs = await used.stack.outputs();
    assert.deepEqual(outputs, {
      userId: outside?.userId,
      secretAccessKey: key?.secretAccessKey,
      ownerId: outside?.userId,
    });
    assert.ok(
      !JSON.stringify(await used.stack.resources()).includes(key?.secretAccessKey ?? "none"),
    );
    requireSuccess(await used.stack.destroy());
    assert.ok(used.emulator.cluster.user("outside@acme.example"));
  });
});

function lengthOf(list: unknown): number {
  return (list as unknown[]).length;
}
