import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as ostor from "../../sdk";
import { isSecret, useMocks, valueOf } from "./mocks";

const token = "pulumi-nodejs:dynamic/ostor:User";
const __provider = 'exports.handler = () => require("pulumi-ostor/provider").user';

describe("User", () => {
  const engine = useMocks();

  it("registers its arguments and the constant text of its provider", async () => {
    new ostor.User("acme", { emailAddress: "ops@acme.example", state: "disabled" });
    const { type, inputs, custom } = await engine.named("acme");
    assert.equal(type, token);
    assert.equal(custom, true);
    assert.deepEqual(inputs, { __provider, emailAddress: "ops@acme.example", state: "disabled" });
  });

  it("passes every argument", async () => {
    const args = {
      emailAddress: "ops@acme.example",
      state: "enabled",
      createAccessKey: true,
      deleteEmptyBuckets: true,
      adopt: "ca55631f9f3d59dc",
    } as const;
    new ostor.User("acme", args);
    assert.deepEqual((await engine.named("acme")).inputs, { __provider, ...args });
  });

  it("marks its secret and is deleted before its replacement, also with other options", async () => {
    new ostor.User(
      "acme",
      { emailAddress: "ops@acme.example" },
      { deleteBeforeReplace: false, additionalSecretOutputs: ["flags"] },
    );
    const { secretOutputs, deleteBeforeReplace } = await engine.named("acme");
    assert.deepEqual(secretOutputs.sort(), ["flags", "secretAccessKey"]);
    assert.equal(deleteBeforeReplace, true);
  });

  it("has every property of state as an output", async () => {
    const outputs = {
      state: "enabled",
      createAccessKey: true,
      deleteEmptyBuckets: false,
      userId: "ca55631f9f3d59dc",
      ownerId: "0000000000000000",
      flags: ["system"],
      accessKeyId: "ca55631f9f3d59dcDF4M",
      secretAccessKey: "SECRET",
    };
    engine.outputs[token] = outputs;
    const user = new ostor.User("acme", { emailAddress: "ops@acme.example" });
    assert.equal(await valueOf(user.id), "acme-id");
    assert.equal(await valueOf(user.emailAddress), "ops@acme.example");
    for (const [name, value] of Object.entries(outputs)) {
      const output = user[name as keyof typeof outputs] as pulumi.Output<unknown>;
      assert.deepEqual(await valueOf(output), value, name);
    }
  });

  it("has undefined outputs for properties without a value", async () => {
    const user = new ostor.User("acme", { emailAddress: "ops@acme.example" });
    assert.equal(await valueOf(user.accessKeyId), undefined);
    assert.equal(await valueOf(user.secretAccessKey), undefined);
  });

  it("reads an existing user by its address, with a secret output", async () => {
    ostor.User.get("acme", "ops@acme.example");
    const { type, id, isRead, inputs, secretOutputs } = await engine.named("acme");
    assert.deepEqual([type, id, isRead], [token, "ops@acme.example", true]);
    assert.deepEqual(inputs, { __provider });
    assert.deepEqual(secretOutputs, ["secretAccessKey"]);
  });

  it("recognizes its instances, and nothing else", () => {
    const args = { emailAddress: "ops@acme.example" };
    assert.equal(ostor.User.isInstance(new ostor.User("acme", args)), true);
    const bucket = new ostor.Bucket("data", { name: "data" });
    for (const other of [bucket, args, "x", undefined, pulumi.output("x")]) {
      assert.equal(ostor.User.isInstance(other), false);
    }
  });

  it("keeps a secret address secret", async () => {
    engine.outputs[token] = { emailAddress: pulumi.secret("ops@acme.example") };
    const user = new ostor.User("acme", { emailAddress: pulumi.secret("ops@acme.example") });
    assert.equal(await isSecret(user.emailAddress), true);
  });
});
