import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as ostor from "../../sdk";
import { useMocks, valueOf } from "./mocks";

const token = "pulumi-nodejs:dynamic/ostor:AccessKey";
const __provider = 'exports.handler = () => require("pulumi-ostor/provider").accessKey';

describe("AccessKey", () => {
  const engine = useMocks();
  const tenant = (opts?: pulumi.CustomResourceOptions) => {
    engine.outputs["pulumi-nodejs:dynamic/ostor:User"] = { userId: "ca55631f9f3d59dc" };
    return new ostor.User("acme", { emailAddress: "ops@acme.example" }, opts);
  };

  it("registers the address and id of its user, and is deleted with the user", async () => {
    new ostor.AccessKey("backup", { user: tenant(), keepers: { rotated: "2026-11" } });
    const { type, inputs, secretOutputs, deletedWith } = await engine.named("backup");
    assert.equal(type, token);
    assert.deepEqual(inputs, {
      __provider,
      user: "ops@acme.example",
      userId: "ca55631f9f3d59dc",
      keepers: { rotated: "2026-11" },
    });
    assert.deepEqual(secretOutputs, ["secretAccessKey"]);
    assert.match(deletedWith, /ostor:User::acme$/);
  });

  it("registers a secret address twice, so that its output is secret as well", async () => {
    new ostor.AccessKey("backup", { user: pulumi.secret("ops@acme.example") });
    const { inputs } = await engine.named("backup");
    assert.deepEqual(inputs["emailAddress"], inputs["user"]);
    assert.notEqual(inputs["emailAddress"], undefined);
  });

  it("registers only an address if it gets one, and is revoked by itself", async () => {
    new ostor.AccessKey("backup", { user: "ops@acme.example", replaceOrder: "delete-first" });
    const { inputs, deletedWith } = await engine.named("backup");
    assert.deepEqual(inputs, {
      __provider,
      user: "ops@acme.example",
      replaceOrder: "delete-first",
    });
    assert.equal(deletedWith, "");
  });

  it("recognizes a User by its address or id output, and is deleted with it", async () => {
    const user = tenant();
    new ostor.AccessKey("by-address", { user: user.emailAddress });
    new ostor.AccessKey("by-id", { user: user.id });
    for (const name of ["by-address", "by-id"]) {
      const { inputs, deletedWith } = await engine.named(name);
      assert.equal(inputs["user"], "ops@acme.example");
      assert.equal(inputs["userId"], "ca55631f9f3d59dc");
      assert.match(deletedWith, /ostor:User::acme$/);
    }
    assert.throws(() => new ostor.AccessKey("third", { user }), /three are declared for one user/);
  });

  it("treats a value derived from a User's address as an address", async () => {
    const user = pulumi.interpolate`${tenant().emailAddress}`;
    new ostor.AccessKey("backup", { user });
    const { inputs, deletedWith } = await engine.named("backup");
    assert.deepEqual(inputs, { __provider, user: "ops@acme.example" });
    assert.equal(deletedWith, "");
  });

  it("is revoked by itself if its user stays: read only, or retained", async () => {
    const read = ostor.User.get("read", "ops@acme.example");
    new ostor.AccessKey("of-read", { user: read });
    new ostor.AccessKey("of-retained", { user: tenant({ retainOnDelete: true }) });
    assert.equal((await engine.named("of-read")).deletedWith, "");
    assert.equal((await engine.named("of-retained")).deletedWith, "");
  });

  it("has every property of state as an output", async () => {
    const outputs = {
      emailAddress: "ops@acme.example",
      userId: "ca55631f9f3d59dc",
      accessKeyId: "ca55631f9f3d59dcDF4M",
      secretAccessKey: "SECRET",
    };
    engine.outputs[token] = outputs;
    const key = new ostor.AccessKey("backup", { user: "ops@acme.example", keepers: { a: "b" } });
    for (const [name, value] of Object.entries(outputs)) {
      assert.equal(await valueOf(key[name as keyof typeof outputs]), value, name);
    }
    assert.deepEqual(await valueOf(key.keepers), { a: "b" });
  });

  it("refuses a third key of one user before it is registered, and names all three", async () => {
    const user = tenant();
    new ostor.AccessKey("one", { user });
    new ostor.AccessKey("two", { user });
    assert.throws(
      () => new ostor.AccessKey("three", { user }),
      (error) =>
        pulumi.RunError.isInstance(error) &&
        error.message ===
          "AccessKey three: a user can have two access keys, and three are declared for one user (one, two, three); remove one [too-many-keys]",
    );
    await engine.named("two");
    assert.deepEqual(engine.resources.map(({ name }) => name).sort(), ["acme", "one", "two"]);
  });

  it("counts the keys of each user separately", async () => {
    for (const address of ["a@acme.example", "b@acme.example"]) {
      const user = new ostor.User(address, { emailAddress: address });
      new ostor.AccessKey(`${address}-1`, { user });
      new ostor.AccessKey(`${address}-2`, { user });
    }
    await engine.named("b@acme.example-2");
  });

  it("reads an existing key by its id, with a secret output", async () => {
    ostor.AccessKey.get("backup", "ca55631f9f3d59dcDF4M");
    const { type, id, isRead, inputs, secretOutputs } = await engine.named("backup");
    assert.deepEqual([type, id, isRead], [token, "ca55631f9f3d59dcDF4M", true]);
    assert.deepEqual(inputs, { __provider });
    assert.deepEqual(secretOutputs, ["secretAccessKey"]);
  });
});
