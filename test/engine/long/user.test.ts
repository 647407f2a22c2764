import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "../harness";

const declared = (args: string) =>
  `new ostor.User("acme", { emailAddress: "ops@acme.example", ${args} });`;

/** The tenant of these tests, as it is on the cluster. */
function acme(used: ReturnType<typeof useCluster>) {
  const user = used.emulator.cluster.user("ops@acme.example");
  assert.ok(user, "the user is on the cluster");
  return user;
}

describe("a User on the engine", () => {
  // Releases 2.x do not report that a user is disabled.
  const used = useCluster({ assumptions: { statesShown: true } });

  it("is created by up, without the access key that the service generates", async () => {
    used.stack.program(declared(""));
    requireSuccess(await used.stack.up());
    assert.deepEqual([acme(used).state, acme(used).accessKeys.length], ["enabled", 0]);
    const stored = await used.stack.resource("acme");
    assert.equal(stored?.id, "ops@acme.example");
    assert.equal(stored.outputs?.["userId"], acme(used).userId);
  });

  it("is reported when it was disabled outside, and is enabled again by up --refresh", async () => {
    used.emulator.cluster.setUserState("ops@acme.example", "disabled");
    const preview = await used.stack.preview("--refresh", "--diff", "--expect-no-changes");
    assert.equal(preview.code, 7, preview.output);
    assert.match(preview.output, /~ state\s*: "disabled" => "enabled"/);
    requireSuccess(await used.stack.up("--refresh"));
    assert.equal(acme(used).state, "enabled");
  });

  it("has its drift in state after refresh alone, and up fixes it", async () => {
    used.emulator.cluster.setUserState("ops@acme.example", "disabled");
    requireSuccess(await used.stack.refresh());
    assert.equal((await used.stack.resource("acme"))?.outputs?.["state"], "disabled");
    assert.equal(acme(used).state, "disabled");
    requireSuccess(await used.stack.up());
    assert.equal(acme(used).state, "enabled");
  });

  it("is disabled and enabled in place, each with one request after the read", async () => {
    const { userId } = acme(used);
    for (const [state, operation] of [
      ["disabled", "disableUser"],
      ["enabled", "enableUser"],
    ] as const) {
      used.stack.program(declared(`state: "${state}"`));
      used.emulator.clearRequests();
      requireSuccess(await used.stack.up());
      assert.deepEqual(
        used.emulator.requests.map((request) => request.operation),
        ["getUser", operation],
      );
      assert.deepEqual([acme(used).state, acme(used).userId], [state, userId]);
    }
  });

  it("gets its own key when createAccessKey is switched on; the key is revoked when it is switched off", async () => {
    used.stack.program(declared("createAccessKey: true"));
    requireSuccess(await used.stack.up());
    const [key] = acme(used).accessKeys;
    const { outputs } = (await used.stack.resource("acme")) ?? {};
    assert.ok(key);
    assert.equal(outputs?.["accessKeyId"], key.accessKeyId);
    assert.ok(JSON.stringify(outputs["secretAccessKey"]).includes(key.secretAccessKey));
    assert.ok(!JSON.stringify(await used.stack.resources()).includes(key.secretAccessKey));
    used.stack.program(declared("createAccessKey: false"));
    requireSuccess(await used.stack.up());
    assert.deepEqual(acme(used).accessKeys, []);
    assert.equal((await used.stack.resource("acme"))?.outputs?.["accessKeyId"], undefined);
  });

  it("gets a new key of its own after the key was revoked outside", async () => {
    used.stack.program(declared("createAccessKey: true"));
    requireSuccess(await used.stack.up());
    const [key] = acme(used).accessKeys;
    used.emulator.cluster.revokeKey(key?.accessKeyId ?? "");
    const preview = await used.stack.preview("--refresh", "--diff", "--expect-no-changes");
    assert.equal(preview.code, 7, preview.output);
    assert.match(preview.output, /~ createAccessKey\s*: false => true/);
    requireSuccess(await used.stack.up("--refresh"));
    const [fresh] = acme(used).accessKeys;
    assert.notEqual(fresh?.accessKeyId, key?.accessKeyId);
    assert.equal((await used.stack.resource("acme"))?.outputs?.["accessKeyId"], fresh?.accessKeyId);
    requireSuccess(await used.stack.up("--expect-no-changes"));
  });

  it("switches deleteEmptyBuckets on and off without a request", async () => {
    for (const value of ["true", "false"]) {
      used.stack.program(declared(`createAccessKey: true, deleteEmptyBuckets: ${value}`));
      used.emulator.clearRequests();
      requireSuccess(await used.stack.up());
      assert.deepEqual(used.emulator.requests, []);
      const { outputs } = (await used.stack.resource("acme")) ?? {};
      assert.equal(String(outputs?.["deleteEmptyBuckets"]), value);
    }
  });

  it("is created again by up --refresh after it was deleted outside", async () => {
    const { userId } = acme(used);
    used.emulator.cluster.deleteUser("ops@acme.example");
    assert.equal((await used.stack.preview("--refresh", "--expect-no-changes")).code, 7);
    requireSuccess(await used.stack.up("--refresh"));
    assert.notEqual(acme(used).userId, userId);
  });

  it("is never adopted implicitly after someone deleted and re-created it", async () => {
    used.emulator.cluster.deleteUser("ops@acme.example");
    const { userId } = used.emulator.cluster.createUser("ops@acme.example");
    const refused = await used.stack.up("--refresh");
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      new RegExp(`already exists \\(userId ${userId}.*adopt: "${userId}"`),
    );
    assert.equal(acme(used).accessKeys.length, 1);
    used.stack.program(declared(`adopt: "${userId}"`));
    requireSuccess(await used.stack.up());
    assert.equal((await used.stack.resource("acme"))?.outputs?.["userId"], userId);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
    assert.equal(acme(used).accessKeys.length, 1, "adopting revokes nothing");
  });

  it("is replaced when its address changes", async () => {
    used.stack.program(`new ostor.User("acme", { emailAddress: "new+1@acme.example" });`);
    requireSuccess(await used.stack.up());
    assert.deepEqual(
      used.emulator.cluster.users().map((user) => user.emailAddress),
      ["new+1@acme.example"],
    );
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("is deleted by destroy", async () => {
    requireSuccess(await used.stack.destroy());
    assert.deepEqual(used.emulator.cluster.users(), []);
    assert.deepEqual(await used.stack.resources(), []);
  });

  it("is destroyed without an error when it does not exist any more", async () => {
    used.stack.program(declared(""));
    requireSuccess(await used.stack.up());
    used.emulator.cluster.deleteUser("ops@acme.example");
    requireSuccess(await used.stack.destroy());
  });
});
