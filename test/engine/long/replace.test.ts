import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "../harness";

const program = `
const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example" });
new ostor.AccessKey("key", { user: tenant });
new ostor.User("bystander", { emailAddress: "ops@globex.example", createAccessKey: true });`;

describe("a forced replacement of a User with a key on the engine", () => {
  const used = useCluster();

  it("creates a new user and a new key, and changes no other user", async () => {
    used.stack.program(program);
    requireSuccess(await used.stack.up());
    const { cluster } = used.emulator;
    const before = cluster.user("ops@acme.example");
    const bystander = cluster.user("ops@globex.example");
    const urn = (await used.stack.resource("acme"))?.urn ?? "";
    requireSuccess(await used.stack.up("--replace", urn));
    const after = cluster.user("ops@acme.example");
    assert.ok(after && after.userId !== before?.userId);
    assert.deepEqual(
      after.accessKeys.map(({ accessKeyId }) => accessKeyId),
      [(await used.stack.resource("key"))?.id],
    );
    assert.deepEqual(cluster.user("ops@globex.example"), bystander);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("is refused when the user owns a bucket, and the key still works", async () => {
    const { cluster } = used.emulator;
    cluster.createBucket("data", "ops@acme.example");
    cluster.putObject("data", "report.csv", "1,2,3");
    const before = cluster.user("ops@acme.example");
    const urn = (await used.stack.resource("acme"))?.urn ?? "";
    for (const command of ["preview", "up"] as const) {
      const refused = await used.stack[command]("--replace", urn);
      assert.notEqual(refused.code, 0);
      assert.match(refused.output, /replace user ops@acme\.example: refused, it owns bucket data/);
    }
    assert.deepEqual(cluster.user("ops@acme.example"), before);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });
});
