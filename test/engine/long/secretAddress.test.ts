import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "../harness";

describe("a secret address on the engine", () => {
  const used = useCluster();

  /** A program with every property and output that repeats an address or an owner. */
  const program = (ownerId: string, secret: string) => `
    const secret = ${secret};
    const user = new ostor.User("acme", { emailAddress: secret("canary@acme.example") });
    const key = new ostor.AccessKey("app", { user });
    const byAddress = new ostor.AccessKey("by-address", { user: secret("canary-out@acme.example") });
    const tenant = new ostor.Tenant("tenant", { emailAddress: secret("canary-tenant@acme.example"), rotation: { generation: 1 } });
    const bucket = new ostor.Bucket("data", { name: "data", owner: secret("${ownerId}") });
    const ofAddress = new ostor.Bucket("data-of", { name: "data", owner: secret("canary-out@acme.example") });
    exports.exported = [key.emailAddress, byAddress.emailAddress, tenant.emailAddress, tenant.rotating.emailAddress,
      bucket.ownerId, bucket.owner, ofAddress.owner, ostor.User.get("got", secret("canary-out@acme.example")).emailAddress];
    exports.read = ostor.getUserOutput({ emailAddress: user.emailAddress });
    exports.buckets = ostor.getBucketsOutput({ user: secret("${ownerId}") });`;

  async function resourcesInPlainText(ownerId: string): Promise<string[]> {
    const inPlainText = (await used.stack.resources()).filter(({ urn, inputs, outputs }) => {
      const text = JSON.stringify([inputs, outputs]);
      // What the service stores for a secret address, such as the user id, is not secret.
      return text.includes("canary") || (urn.endsWith("::data") && text.includes(ownerId));
    });
    return inPlainText.map(({ urn }) => urn.split("::").at(-1) ?? "");
  }

  it("appears in no output, whether it is secret from the start or becomes secret", async () => {
    const { userId } = used.emulator.cluster.createUser("canary-out@acme.example");
    used.emulator.cluster.createBucket("data", "canary-out@acme.example");
    used.stack.program(program(userId, "(text) => text"));
    requireSuccess(await used.stack.up());
    const before = await used.stack.resources();
    const plainInputs = before.find(({ urn }) => urn.endsWith("::app"))?.inputs ?? {};
    assert.ok(!("emailAddress" in plainInputs), "a plain address is stored as before");

    used.stack.program(program(userId, "pulumi.secret"));
    const changed = requireSuccess(await used.stack.up());
    assert.deepEqual(await resourcesInPlainText(userId), [], changed.output);
    requireSuccess(await used.stack.refresh());
    assert.deepEqual(await resourcesInPlainText(userId), [], "after a refresh");
    const unchanged = requireSuccess(await used.stack.up("--expect-no-changes"));
    assert.deepEqual(await resourcesInPlainText(userId), [], unchanged.output);

    requireSuccess(await used.stack.destroy());
    used.stack.program(program(userId, "pulumi.secret"));
    const created = requireSuccess(await used.stack.up());
    assert.deepEqual(await resourcesInPlainText(userId), [], created.output);
  });
});
