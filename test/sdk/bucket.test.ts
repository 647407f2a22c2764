import assert from "node:assert/strict";
import * as ostor from "../../sdk";
import { useMocks, valueOf } from "./mocks";

const token = "pulumi-nodejs:dynamic/ostor:Bucket";
const __provider = 'exports.handler = () => require("pulumi-ostor/provider").bucket';

describe("Bucket", () => {
  const engine = useMocks();

  it("registers a name, and an owner given as text", async () => {
    new ostor.Bucket("data", { name: "data" });
    new ostor.Bucket("owned", { name: "owned", owner: "ops@acme.example" });
    const data = await engine.named("data");
    assert.equal(data.type, token);
    assert.deepEqual(data.inputs, { __provider, name: "data" });
    const owned = await engine.named("owned");
    assert.deepEqual(owned.inputs, { __provider, name: "owned", owner: "ops@acme.example" });
  });

  it("registers the id of an owner given as a User", async () => {
    engine.outputs["pulumi-nodejs:dynamic/ostor:User"] = { userId: "ca55631f9f3d59dc" };
    const owner = new ostor.User("acme", { emailAddress: "ops@acme.example" });
    new ostor.Bucket("data", { name: "data", owner });
    const { inputs } = await engine.named("data");
    assert.deepEqual(inputs, { __provider, name: "data", owner: "ca55631f9f3d59dc" });
  });

  it("has owner and creation date as outputs", async () => {
    engine.outputs[token] = { ownerId: "ca55631f9f3d59dc", creationDate: "2018-05-25" };
    const bucket = new ostor.Bucket("data", { name: "the-data" });
    assert.equal(await valueOf(bucket.name), "the-data");
    assert.equal(await valueOf(bucket.ownerId), "ca55631f9f3d59dc");
    assert.equal(await valueOf(bucket.creationDate), "2018-05-25");
    assert.equal(await valueOf(bucket.owner), undefined);
  });

  it("reads an existing bucket by its name", async () => {
    ostor.Bucket.get("data", "the-data");
    const { type, id, isRead, inputs } = await engine.named("data");
    assert.deepEqual([type, id, isRead], [token, "the-data", true]);
    assert.deepEqual(inputs, { __provider });
  });
});
