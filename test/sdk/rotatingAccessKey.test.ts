import assert from "node:assert/strict";
import * as ostor from "../../sdk";
import { isSecret, useMocks, valueOf } from "./mocks";

const token = "pulumi-nodejs:dynamic/ostor:RotatingAccessKey";
const __provider = 'exports.handler = () => require("pulumi-ostor/provider").rotation';

describe("RotatingAccessKey", () => {
  const engine = useMocks();
  const tenant = () => {
    engine.outputs["pulumi-nodejs:dynamic/ostor:User"] = { userId: "ca55631f9f3d59dc" };
    return new ostor.User("acme", { emailAddress: "ops@acme.example" });
  };

  it("registers the address and id of its user and its schedule, and is deleted with the user", async () => {
    new ostor.RotatingAccessKey("keys", { user: tenant(), every: "30d" });
    const { type, inputs, secretOutputs, deletedWith } = await engine.named("keys");
    assert.equal(type, token);
    assert.deepEqual(inputs, {
      __provider,
      user: "ops@acme.example",
      userId: "ca55631f9f3d59dc",
      every: "30d",
    });
    assert.deepEqual(secretOutputs, ["secretAccessKey", "previousSecretAccessKey"]);
    assert.match(deletedWith, /ostor:User::acme$/);
  });

  it("returns the current and the previous key", async () => {
    engine.outputs[token] = { accessKeyId: "AK2", secretAccessKey: "S2" };
    const first = new ostor.RotatingAccessKey("first", { user: "a@acme.example", generation: 0 });
    assert.deepEqual(await valueOf(first.current), {
      accessKeyId: "AK2",
      secretAccessKey: "S2",
    });
    assert.equal(await valueOf(first.previous), undefined);
    Object.assign(engine.outputs[token], {
      previousAccessKeyId: "AK1",
      previousSecretAccessKey: "S1",
    });
    const second = new ostor.RotatingAccessKey("second", { user: "b@acme.example", generation: 1 });
    assert.deepEqual(await valueOf(second.previous), {
      accessKeyId: "AK1",
      secretAccessKey: "S1",
    });
    assert.deepEqual(
      [await isSecret(second.accessKeyId), await isSecret(second.rotatedAt)],
      [false, false],
    );
  });

  it("takes both slots of its user", () => {
    const user = tenant();
    new ostor.AccessKey("backup", { user });
    assert.throws(
      () => new ostor.RotatingAccessKey("keys", { user, generation: 1 }),
      /keys: a user can have two access keys, and a RotatingAccessKey takes both.*\(backup, keys\)/,
    );
    const other = new ostor.User("globex", { emailAddress: "ops@globex.example" });
    new ostor.RotatingAccessKey("rotating", { user: other, generation: 1 });
    assert.throws(
      () => new ostor.AccessKey("third", { user: other }),
      /third: .*a RotatingAccessKey takes both/,
    );
  });
});
