import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "./harness";

describe("failures in the middle of an operation, on the engine", () => {
  const used = useCluster();
  const user = () => used.emulator.cluster.user("ops@acme.example");
  const tenant = (args = "") =>
    `const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example", ${args} });`;

  before(() => used.stack.config({ "ostor:maxRetries": "1" }));

  it("keep what was created in state, with its secret encrypted, and the next up completes it", async () => {
    used.emulator.failNext({ operation: "revokeKey", kind: "status", status: 503, times: 4 });
    used.stack.program(tenant(`state: "disabled"`));
    const failed = await used.stack.up();
    assert.notEqual(failed.code, 0);
    assert.match(
      failed.output,
      /revoke key \w+ of user ops@acme\.example: the service answered 503/,
    );
    const [key] = user()?.accessKeys ?? [];
    const stored = await used.stack.resource("acme");
    assert.equal(stored?.outputs?.["accessKeyId"], key?.accessKeyId);
    assert.ok(key && !JSON.stringify(await used.stack.resources()).includes(key.secretAccessKey));
    assert.ok(
      JSON.stringify(stored).includes(key.secretAccessKey),
      "the secret is in state, encrypted",
    );
    requireSuccess(await used.stack.up());
    assert.deepEqual([user()?.state, user()?.accessKeys], ["disabled", []]);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("leave a partially created user that can be refreshed and destroyed", async () => {
    requireSuccess(await used.stack.destroy());
    used.emulator.failNext({ operation: "disableUser", kind: "status", status: 500, times: 2 });
    assert.notEqual((await used.stack.up()).code, 0);
    assert.equal(user()?.state, "enabled");
    requireSuccess(await used.stack.refresh());
    requireSuccess(await used.stack.destroy());
    assert.equal(user(), undefined);
  });
});
