import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "../harness";

const tenant = `const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example" });`;

/** A program with a tenant and its keys, by name. */
function withKeys(keys: Record<string, string>): string {
  const lines = Object.entries(keys).map(
    ([name, args]) => `new ostor.AccessKey("${name}", { user: tenant, ${args} });`,
  );
  return [tenant, ...lines].join("\n");
}

/** The ids of the tenant's keys on the cluster. */
function idsOn({ emulator }: ReturnType<typeof useCluster>): string[] {
  const keys = emulator.cluster.user("ops@acme.example")?.accessKeys ?? [];
  return keys.map(({ accessKeyId }) => accessKeyId).sort();
}

async function storedId({ stack }: ReturnType<typeof useCluster>, name: string): Promise<string> {
  return (await stack.resource(name))?.id ?? "";
}

describe("an AccessKey on the engine", () => {
  const used = useCluster();

  it("is created twice at the same time for one user, each with its own key", async () => {
    used.stack.program(`${withKeys({ one: "" })}
      const two = new ostor.AccessKey("two", { user: tenant });
      exports.secretAccessKey = two.secretAccessKey;`);
    requireSuccess(await used.stack.up());
    const printed = requireSuccess(await used.stack.pulumi(["stack", "output"])).output;
    assert.match(printed, /secretAccessKey\s+\[secret\]/);
    const ids = [await storedId(used, "one"), await storedId(used, "two")].sort();
    assert.deepEqual(ids, idsOn(used));
    for (const name of ["one", "two"]) {
      const { id, outputs } = (await used.stack.resource(name)) ?? {};
      const key = used.emulator.cluster
        .user("ops@acme.example")
        ?.accessKeys.find(({ accessKeyId }) => accessKeyId === id);
      assert.ok(
        JSON.stringify(outputs?.["secretAccessKey"]).includes(key?.secretAccessKey ?? "none"),
      );
    }
    requireSuccess(await used.stack.up("--expect-no-changes"));
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("is planned for creation after it was revoked outside, and up --refresh creates it", async () => {
    const revoked = await storedId(used, "one");
    used.emulator.cluster.revokeKey(revoked);
    const preview = await used.stack.preview("--refresh", "--diff", "--expect-no-changes");
    assert.equal(preview.code, 7, preview.output);
    assert.match(preview.output, /\+ pulumi-nodejs:dynamic\/ostor:AccessKey/);
    requireSuccess(await used.stack.up("--refresh"));
    assert.notEqual(await storedId(used, "one"), revoked);
    assert.ok(idsOn(used).includes(await storedId(used, "one")));
  });

  it("is refused before any request when it is the third key of one user", async () => {
    used.emulator.clearRequests();
    used.stack.program(withKeys({ one: "", two: "", three: "" }));
    const refused = await used.stack.up();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /a user can have two access keys.*\(one, two, three\)/);
    assert.deepEqual(used.emulator.requests, []);
  });

  it("is refused with the ids of the two existing keys when both slots were taken outside", async () => {
    used.stack.program(withKeys({ one: "" }));
    requireSuccess(await used.stack.up());
    const outside = used.emulator.cluster.generateKey("ops@acme.example").accessKeyId;
    used.stack.program(withKeys({ one: "", two: "" }));
    used.emulator.clearRequests();
    const refused = await used.stack.up();
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      new RegExp(`has the two keys that the service allows.*${outside}`),
    );
    assert.ok(!used.emulator.requests.some(({ operation }) => operation === "generateKey"));
    used.emulator.cluster.revokeKey(outside);
  });

  it("is rotated create-first by its keepers: the new key exists before the old one is revoked", async () => {
    const old = await storedId(used, "one");
    used.stack.program(withKeys({ one: `keepers: { rotated: "2" }` }));
    used.emulator.clearRequests();
    requireSuccess(await used.stack.up());
    assert.notEqual(await storedId(used, "one"), old);
    assert.deepEqual(idsOn(used), [await storedId(used, "one")]);
    const order = used.emulator.requests.map(({ operation }) => operation);
    assert.ok(order.indexOf("generateKey") < order.indexOf("revokeKey"), order.join());
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("is rotated delete-first where declared", async () => {
    used.stack.program(
      withKeys({ one: `keepers: { rotated: "3" }, replaceOrder: "delete-first"` }),
    );
    used.emulator.clearRequests();
    requireSuccess(await used.stack.up());
    assert.deepEqual(idsOn(used), [await storedId(used, "one")]);
    const order = used.emulator.requests.map(({ operation }) => operation);
    assert.ok(order.indexOf("revokeKey") < order.indexOf("generateKey"), order.join());
  });

  it("refuses a create-first rotation without a free slot, and revokes nothing", async () => {
    const keys = { one: `keepers: { rotated: "3" }, replaceOrder: "delete-first"`, two: "" };
    used.stack.program(withKeys(keys));
    requireSuccess(await used.stack.up());
    used.stack.program(withKeys({ ...keys, two: `keepers: { rotated: "1" }` }));
    const before = idsOn(used);
    const refused = await used.stack.up();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /it has the two keys .* replaceOrder: "delete-first"/);
    assert.deepEqual(idsOn(used), before, "nothing was revoked");
  });

  it("is not replaced, also not in a preview, when its user is disabled", async () => {
    const keys = withKeys({ one: `keepers: { rotated: "3" }`, two: "" });
    const before = idsOn(used);
    used.stack.program(keys.replace(`"ops@acme.example"`, `"ops@acme.example", state: "disabled"`));
    const preview = requireSuccess(await used.stack.preview("--diff"));
    assert.doesNotMatch(preview.output, /replace/);
    requireSuccess(await used.stack.up());
    assert.deepEqual(idsOn(used), before);
  });

  it("is the only key that is revoked when only it leaves the program", async () => {
    used.stack.program(withKeys({ one: `keepers: { rotated: "3" }` }));
    requireSuccess(await used.stack.up());
    assert.deepEqual(idsOn(used), [await storedId(used, "one")]);
  });

  it("adopts an existing key by id, and refuses an id that is not found", async () => {
    const key = used.emulator.cluster.generateKey("ops@acme.example");
    used.stack.program(withKeys({ one: `keepers: { rotated: "3" }`, two: `adopt: "nosuchkey"` }));
    const refused = await used.stack.up();
    assert.match(
      refused.output,
      /adopt key nosuchkey of user ops@acme\.example: the user has no such key/,
    );
    used.stack.program(
      withKeys({ one: `keepers: { rotated: "3" }`, two: `adopt: "${key.accessKeyId}"` }),
    );
    requireSuccess(await used.stack.up());
    assert.equal(await storedId(used, "two"), key.accessKeyId);
    const { outputs } = (await used.stack.resource("two")) ?? {};
    assert.ok(JSON.stringify(outputs).includes(key.secretAccessKey));
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("is rotated while adopt stays in the program, and is not revoked by a forced replacement", async () => {
    const adopt = await storedId(used, "two");
    const program = (rotated: string) =>
      withKeys({ two: `adopt: "${adopt}", keepers: { rotated: "${rotated}" }` });
    used.stack.program(withKeys({ two: `adopt: "${adopt}"` }));
    requireSuccess(await used.stack.up());
    const urn = (await used.stack.resource("two"))?.urn ?? "";
    const forced = requireSuccess(await used.stack.up("--replace", urn));
    assert.match(
      forced.output,
      /is not revoked: a resource of this program .*; to rotate a key change its keepers/,
    );
    assert.deepEqual(idsOn(used), [adopt]);
    used.stack.program(program("1"));
    requireSuccess(await used.stack.up());
    assert.deepEqual(idsOn(used), [await storedId(used, "two")]);
    assert.notEqual(await storedId(used, "two"), adopt);
    used.emulator.cluster.revokeKey(await storedId(used, "two"));
    const again = requireSuccess(await used.stack.up("--refresh"));
    assert.match(again.output, /the user has no such key \(it has none\); a new key is generated/);
    assert.deepEqual(idsOn(used), [await storedId(used, "two")]);
  });

  it("is rotated although it is protected, once it is unprotected as the guide describes", async () => {
    const protectedProgram = (rotated: string) =>
      `${tenant}
       new ostor.AccessKey("two", { user: tenant, keepers: { rotated: "${rotated}" } }, { protect: true });`;
    used.stack.program(protectedProgram("1"));
    requireSuccess(await used.stack.up());
    const before = idsOn(used);
    used.stack.program(protectedProgram("2"));
    const refused = await used.stack.up();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /unable to replace resource/);
    assert.deepEqual(idsOn(used), before);
    const urn = (await used.stack.resource("two"))?.urn ?? "";
    requireSuccess(await used.stack.pulumi(["state", "unprotect", "--yes", urn]));
    requireSuccess(await used.stack.up());
    assert.deepEqual(idsOn(used), [await storedId(used, "two")]);
    assert.notDeepEqual(idsOn(used), before);
    assert.match((await used.stack.destroy()).output, /protected/);
    used.stack.program(protectedProgram("2").replace(", { protect: true }", ""));
    requireSuccess(await used.stack.up());
  });

  it("is deleted with its user on destroy", async () => {
    requireSuccess(await used.stack.destroy());
    assert.deepEqual(used.emulator.cluster.users(), []);
  });

  it("belongs to a user created elsewhere, given by address, and is revoked by destroy", async () => {
    used.emulator.cluster.createUser("other@acme.example");
    used.stack.program(`new ostor.AccessKey("other", { user: "other@acme.example" });`);
    requireSuccess(await used.stack.up());
    assert.equal(used.emulator.cluster.user("other@acme.example")?.accessKeys.length, 2);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
    requireSuccess(await used.stack.destroy());
    assert.equal(used.emulator.cluster.user("other@acme.example")?.accessKeys.length, 1);
  });

  it("is revoked by destroy when its user was only read, or is retained", async () => {
    const ids = (address: string) => used.emulator.cluster.user(address)?.accessKeys.length;
    used.stack.program(`
      const read = ostor.User.get("read", "other@acme.example");
      new ostor.AccessKey("of-read", { user: read });
      const kept = new ostor.User("kept", { emailAddress: "kept@acme.example" }, { retainOnDelete: true });
      new ostor.AccessKey("of-kept", { user: kept });`);
    requireSuccess(await used.stack.up());
    assert.deepEqual([ids("other@acme.example"), ids("kept@acme.example")], [2, 1]);
    requireSuccess(await used.stack.destroy());
    assert.deepEqual([ids("other@acme.example"), ids("kept@acme.example")], [1, 0]);
  });
});
