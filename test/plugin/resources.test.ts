import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { bagOf, plainOf } from "../../provider/plugin/wire";
import type { Bag } from "../../provider/resources/lifecycle";
import { isSecret, secret } from "../../provider/resources/secret";
import { unknownMarker as unknown } from "../../provider/settings/unknown";
import { failure, urnOf, usePlugin } from "./plugin";

const address = "ops@acme.example";
const { Kind } = pb.PropertyDiff;

function detailsOf(diff: pb.DiffResponse) {
  const details: Record<string, unknown> = {};
  diff.getDetaileddiffMap().forEach((each, name) => {
    details[name] = [each.getKind(), each.getInputdiff()];
  });
  return details;
}

describe("check", () => {
  const plugin = usePlugin();

  it("fills in defaults and keeps secrets and unknown values", async () => {
    const { inputs, reasons } = await plugin.run.check(urnOf("User"), {
      emailAddress: secret(address),
      createAccessKey: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    });
    assert.deepEqual(reasons, []);
    assert.deepEqual(inputs, {
      emailAddress: secret(address),
      state: "enabled",
      createAccessKey: unknown,
      deleteEmptyBuckets: false,
    });
  });

  it("names what is wrong, and no secret value", async () => {
    const given = { user: secret("canary no address"), keepers: secret("canary"), colour: "red" };
    const { reasons } = await plugin.run.check(urnOf("AccessKey"), given);
    assert.equal(reasons.length, 3);
    for (const reason of reasons) {
      assert.match(reason, /^(user|keepers|"colour").* \[invalid-property\]$/);
      assert.doesNotMatch(reason, /canary|adopt/);
    }
  });

  it("refuses adopt for a new resource, and ignores it for one of a moved stack", async () => {
    const given = { emailAddress: address, adopt: "0123456789abcdef" };
    const added = await plugin.run.check(urnOf("User"), given);
    assert.match(added.reasons.join(), /^adopt: .*import.* \[adopt-by-import\]$/);
    const kept = await plugin.run.check(urnOf("User"), given, given);
    assert.deepEqual(kept.reasons, []);
    assert(!("adopt" in kept.inputs));
    // A replacement is checked again, without its old inputs.
    const replaced = await plugin.run.check(urnOf("User"), given);
    assert.deepEqual(replaced.reasons, []);
  });

  it("knows no other type", async () => {
    const error = await failure(plugin.run.check(urnOf("Group"), {}));
    assert.equal(error.code, status.UNKNOWN);
    assert.match(error.details, /ostor:index:Group: .* \[unknown-type\]/);
  });
});

describe("diff", () => {
  const plugin = usePlugin();
  const key = { emailAddress: address, userId: "0123456789abcdef", accessKeyId: "AK1" };
  const stored = { ...key, secretAccessKey: secret("s") };
  const inputs = { user: address, userId: key.userId, replaceOrder: "create-first" };

  it("names the properties and how each differs", async () => {
    const diff = (news: Bag, olds: Bag, oldInputs: Bag) =>
      plugin.run.diff(urnOf("AccessKey"), "AK1", news, olds, oldInputs);
    const keepers = { r: "1" };
    const added = await diff({ ...inputs, keepers }, stored, inputs);
    assert.deepEqual(detailsOf(added), { keepers: [Kind.ADD_REPLACE, true] });
    assert.deepEqual(added.getReplacesList(), ["keepers"]);
    const removed = await diff(inputs, { ...stored, keepers }, { ...inputs, keepers });
    assert.deepEqual(detailsOf(removed), { keepers: [Kind.DELETE_REPLACE, true] });
    const other = await diff({ ...inputs, user: "b@acme.example" }, stored, inputs);
    assert.deepEqual(detailsOf(other), { user: [Kind.UPDATE_REPLACE, true] });
    const partial = await diff(inputs, key, inputs);
    assert.deepEqual(detailsOf(partial), { secretAccessKey: [Kind.ADD, false] });
    assert.deepEqual(partial.getReplacesList(), []);
  });

  it("deletes first only where the program says so", async () => {
    const news = { ...inputs, keepers: { r: "1" }, replaceOrder: "delete-first" };
    const diff = await plugin.run.diff(urnOf("AccessKey"), "AK1", news, stored, inputs);
    assert.equal(diff.getDeletebeforereplace(), true);
  });

  it("shows nothing for a resource of a moved stack", async () => {
    const user = { emailAddress: address, state: "enabled" };
    const flags = { createAccessKey: false, deleteEmptyBuckets: false };
    const olds = { ...user, ...flags, userId: "0123456789abcdef", flags: [], __provider: "text" };
    const oldInputs = { ...user, ...flags, adopt: "0123456789abcdef", __provider: "text" };
    const diff = await plugin.run.diff(
      urnOf("User"),
      address,
      { ...user, ...flags },
      olds,
      oldInputs,
    );
    assert.equal(diff.getChanges(), pb.DiffResponse.DiffChanges.DIFF_NONE);
    assert.equal(diff.getHasdetaileddiff(), true);
    assert.equal(diff.getDetaileddiffMap().getLength(), 0);
  });
});

describe("a preview", () => {
  const plugin = usePlugin();
  const writes = () => plugin.emulator.requests.filter(({ method }) => method !== "GET");

  it("shows what is known of new resources, and sends nothing", async () => {
    const create = async (type: string, inputs: Bag) =>
      (await plugin.run.create(urnOf(type), inputs, true)).state;
    const user = { emailAddress: address, state: "enabled", deleteEmptyBuckets: false };
    assert.deepEqual(await create("User", { ...user, createAccessKey: false }), {
      ...user,
      createAccessKey: false,
      userId: unknown,
      ownerId: unknown,
      flags: unknown,
    });
    const own = await create("User", { ...user, createAccessKey: true });
    assert.equal(own["accessKeyId"], unknown);
    assert.deepEqual(own["secretAccessKey"], secret(unknown));
    const key = await create("AccessKey", { user: secret(address), keepers: { r: "1" } });
    assert.deepEqual(key, {
      emailAddress: secret(address),
      userId: unknown,
      accessKeyId: unknown,
      secretAccessKey: secret(unknown),
      keepers: { r: "1" },
    });
    const rotation = await create("RotatingAccessKey", { user: address, generation: 2 });
    assert.deepEqual([rotation["hasPrevious"], rotation["generation"]], [false, 2]);
    const bucket = await create("Bucket", { name: "inventory" });
    assert.deepEqual(bucket, { name: "inventory", ownerId: unknown, creationDate: unknown });
    assert.deepEqual(plugin.emulator.requests, []);
  });

  it("keeps ids of a user that is updated in place, and knows a new key only afterwards", async () => {
    const urn = urnOf("User");
    const { inputs } = await plugin.run.check(urn, { emailAddress: address });
    const { id, state } = await plugin.run.create(urn, inputs);
    const before = writes().length;
    const disabled = await plugin.run.update(
      urn,
      id,
      state,
      { ...inputs, state: "disabled" },
      true,
    );
    assert.deepEqual(disabled, { ...state, state: "disabled" });
    const own = await plugin.run.update(urn, id, state, { ...inputs, createAccessKey: true }, true);
    assert.deepEqual(
      [own["userId"], own["accessKeyId"], own["secretAccessKey"]],
      [state["userId"], unknown, secret(unknown)],
    );
    assert.equal(writes().length, before);
  });

  it("shows a rotation", async () => {
    const urn = urnOf("RotatingAccessKey");
    plugin.emulator.cluster.createUser(address);
    plugin.emulator.cluster.revokeKey(
      plugin.emulator.cluster.user(address)?.accessKeys[0]?.accessKeyId ?? "",
    );
    const { id, state } = await plugin.run.create(urn, { user: address, generation: 0 });
    const rotated = await plugin.run.update(urn, id, state, { user: address, generation: 1 }, true);
    assert.deepEqual(
      [rotated["accessKeyId"], rotated["previousAccessKeyId"], rotated["hasPrevious"]],
      [unknown, unknown, true],
    );
    const stored = await plugin.run.update(urn, id, state, { user: address, every: "30d" }, true);
    assert.deepEqual(
      [stored["accessKeyId"], stored["every"], stored["generation"]],
      [state["accessKeyId"], "30d", undefined],
    );
  });
});

describe("a resource", () => {
  const plugin = usePlugin();

  it("is created, read, updated and deleted, with its secrets marked", async () => {
    const urn = urnOf("User");
    const given = { emailAddress: secret(address), createAccessKey: true };
    const { inputs } = await plugin.run.check(urn, given);
    const { id, state } = await plugin.run.create(urn, inputs);
    assert.equal(id, address);
    assert(isSecret(state["secretAccessKey"]));
    assert.deepEqual(state["emailAddress"], secret(address));
    const read = await plugin.run.read(urn, id, state, inputs);
    assert.deepEqual(read, { id, state, inputs });
    const updated = await plugin.run.update(urn, id, state, { ...inputs, state: "disabled" });
    assert.deepEqual(updated["secretAccessKey"], state["secretAccessKey"]);
    assert.equal(plugin.emulator.cluster.user(address)?.state, "disabled");
    await plugin.run.delete(urn, id, updated);
    assert.equal(plugin.emulator.cluster.user(address), undefined);
  });

  it("that no longer exists has no id after a refresh", async () => {
    const urn = urnOf("User");
    const { inputs } = await plugin.run.check(urn, { emailAddress: address });
    const { id, state } = await plugin.run.create(urn, inputs);
    plugin.emulator.cluster.deleteUser(address);
    const read = await plugin.run.read(urn, id, state, inputs);
    assert.deepEqual(read, { id: "", state: undefined, inputs: undefined });
  });

  it("is stored with its id if a later step of its creation failed", async () => {
    plugin.emulator.failNext({ operation: "disableUser", kind: "status", status: 400, times: 9 });
    const urn = urnOf("User");
    const given = { emailAddress: address, state: "disabled", createAccessKey: true };
    const { inputs } = await plugin.run.check(urn, given);
    const error = await failure(plugin.run.create(urn, inputs));
    const [bytes] = error.metadata.get("grpc-status-details-bin");
    const full = Status.deserializeBinary(bytes as Buffer);
    const [detail] = full.getDetailsList();
    assert.equal(detail?.getTypeName(), "pulumirpc.ErrorResourceInitFailed");
    const init = pb.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    assert.equal(init.getId(), address);
    assert.deepEqual(init.getReasonsList(), [error.details]);
    const stored = bagOf(init.getProperties());
    assert.equal(stored["state"], "enabled");
    assert(isSecret(stored["secretAccessKey"]));
  });

  it("prints its warnings through the engine, under its URN", async () => {
    const urn = urnOf("Bucket", "inventory::2026");
    plugin.emulator.cluster.createUser(address);
    plugin.emulator.cluster.createBucket("inventory", address);
    const { id, state } = await plugin.run.create(urn, { name: "inventory" });
    await plugin.run.delete(urn, id, state);
    const [logged, ...others] = plugin.logged;
    assert.deepEqual(others, []);
    assert.deepEqual([logged?.urn, logged?.severity], [urn, LogSeverity.INFO]);
    assert.match(logged?.line ?? "", /stay on the cluster \[bucket-kept\]$/);
  });
});

describe("an import by id alone", () => {
  const plugin = usePlugin();

  /** Reads a resource as an import does; the program that the engine then writes has no diff. */
  async function imported(type: string, id: string) {
    const urn = urnOf(type);
    const found = await plugin.run.read(urn, id);
    assert(found.state && found.inputs);
    const { inputs, reasons } = await plugin.run.check(urn, found.inputs, found.inputs);
    assert.deepEqual(reasons, []);
    const diff = await plugin.run.diff(urn, found.id, inputs, found.state, found.inputs);
    assert.deepEqual(diff.getDiffsList(), []);
    return { id: found.id, state: plainOf(found.state), inputs };
  }

  it("reads each kind, and the next run has no diff", async () => {
    const { cluster } = plugin.emulator;
    const { userId, accessKeys } = cluster.createUser(address);
    cluster.setUserState(address, "disabled");
    cluster.createBucket("inventory", address);
    const [key] = accessKeys;
    assert(key);
    const user = await imported("User", address);
    assert.deepEqual([user.state["userId"], user.inputs["state"]], [userId, "disabled"]);
    const found = await imported("AccessKey", key.accessKeyId);
    assert.deepEqual(
      [found.inputs["user"], found.state["secretAccessKey"]],
      [address, key.secretAccessKey],
    );
    const bucket = await imported("Bucket", "inventory");
    assert.equal(bucket.state["ownerId"], userId);
    const rotation = await imported("RotatingAccessKey", userId);
    assert.deepEqual(
      [rotation.id, rotation.state["accessKeyId"], rotation.inputs["generation"]],
      [userId, key.accessKeyId, 0],
    );
  });

  it("needs the current key of a user with two", async () => {
    const { cluster } = plugin.emulator;
    const { userId, accessKeys } = cluster.createUser(address);
    const [first] = accessKeys;
    const second = cluster.generateKey(address);
    const error = await failure(plugin.run.read(urnOf("RotatingAccessKey"), userId));
    assert.match(error.details, /<id of the current key> \[current-key-unknown\]$/);
    const { id, state } = await imported("RotatingAccessKey", `${userId}/${second.accessKeyId}`);
    assert.deepEqual(
      [id, state["accessKeyId"], state["previousAccessKeyId"]],
      [userId, second.accessKeyId, first?.accessKeyId],
    );
  });

  it("names what does not exist", async () => {
    const absent = {
      User: ["none@acme.example", "user-not-found"],
      AccessKey: ["0123456789abcdefABCD", "key-not-found"],
      RotatingAccessKey: ["0123456789abcdef", "user-not-found"],
      Bucket: ["none", "bucket-not-found"],
    } as const;
    for (const [type, [id, code]] of Object.entries(absent)) {
      const { details } = await failure(plugin.run.read(urnOf(type), id));
      assert(details.includes(id) && details.endsWith(`[${code}]`), details);
    }
  });
});
