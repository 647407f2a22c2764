import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { MockCallArgs, MockResourceArgs } from "@pulumi/pulumi/runtime";
import * as ostor from "../../sdk";
import { providerTexts } from "../../sdk/frontDoor";

const registered: MockResourceArgs[] = [];
const calls: MockCallArgs[] = [];

/** The value of an output, once it is known. */
function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

describe("the resource classes under mocks", () => {
  before(async () => {
    await pulumi.runtime.setMocks({
      newResource: (args) => {
        registered.push(args);
        return {
          id: args.id === undefined || args.id === "" ? `${args.name}-id` : args.id,
          state: { userId: "0123456789abcdef", ...args.inputs } as object,
        };
      },
      call: (args) => {
        calls.push(args);
        return { users: [{ emailAddress: "mocked@acme.example" }], asked: args.inputs as object };
      },
    });
  });
  beforeEach(() => {
    registered.length = 0;
    calls.length = 0;
  });

  it("register explicit types and the constant texts of existing stacks", async () => {
    const user = new ostor.User("acme", { emailAddress: "ops@acme.example" });
    const key = new ostor.AccessKey("key", { user });
    const bucket = new ostor.Bucket("bucket", { name: "inventory", owner: user });
    await Promise.all([user, key, bucket].map(({ urn }) => valueOf(urn)));
    // A change here leaves the stacks of earlier releases with a diff, or without a provider.
    assert.deepEqual(
      registered
        .map(({ type, inputs }) => [type, (inputs as Record<string, unknown>)["__provider"]])
        .sort(),
      [
        [
          "pulumi-nodejs:dynamic/ostor:AccessKey",
          'exports.handler = () => require("pulumi-ostor/provider").accessKey',
        ],
        [
          "pulumi-nodejs:dynamic/ostor:Bucket",
          'exports.handler = () => require("pulumi-ostor/provider").bucket',
        ],
        [
          "pulumi-nodejs:dynamic/ostor:User",
          'exports.handler = () => require("pulumi-ostor/provider").user',
        ],
      ],
    );
    for (const text of Object.values(providerTexts)) assert.ok(text.length <= 70);
  });

  it("register the address and id of a key's user, and the id of a bucket's owner", async () => {
    const user = new ostor.User("acme", { emailAddress: "ops@acme.example" });
    const key = new ostor.AccessKey("key", { user, keepers: { rotated: "1" } });
    const bucket = new ostor.Bucket("bucket", { name: "inventory", owner: user });
    await Promise.all([key, bucket].map(({ urn }) => valueOf(urn)));
    const inputs = (type: string) =>
      registered.find((each) => each.type === type)?.inputs as Record<string, unknown>;
    const { user: address, userId, keepers } = inputs("pulumi-nodejs:dynamic/ostor:AccessKey");
    assert.deepEqual(
      [address, userId, keepers],
      ["ops@acme.example", "0123456789abcdef", { rotated: "1" }],
    );
    assert.equal(inputs("pulumi-nodejs:dynamic/ostor:Bucket")["owner"], "0123456789abcdef");
  });

  it("have their outputs as properties", async () => {
    const user = new ostor.User("acme", { emailAddress: "ops@acme.example", state: "disabled" });
    assert.deepEqual(
      await valueOf(pulumi.all([user.id, user.emailAddress, user.state, user.userId])),
      ["acme-id", "ops@acme.example", "disabled", "0123456789abcdef"],
    );
  });

  it("are read by id without inputs", async () => {
    const { id } = ostor.User.get("read", "ops@acme.example");
    assert.equal(await valueOf(id), "ops@acme.example");
    assert.equal(registered[0]?.id, "ops@acme.example");
  });

  it("refuse a third key of one user, and name all three", () => {
    const user = new ostor.User("acme", { emailAddress: "ops@acme.example" });
    new ostor.AccessKey("a", { user });
    new ostor.AccessKey("b", { user });
    assert.throws(
      () => new ostor.AccessKey("c", { user }),
      (error: unknown) =>
        pulumi.RunError.isInstance(error) && /two access keys.*\(a, b, c\)/.test(error.message),
    );
  });

  it("refuse a provider of another package, given or inherited", () => {
    class Foreign extends pulumi.ProviderResource {
      constructor() {
        super("pulumi-nodejs", "foreign", {});
      }
    }
    const provider = new Foreign();
    const parent = new pulumi.ComponentResource(
      "test:index:Parent",
      "parent",
      {},
      { providers: [provider] },
    );
    for (const opts of [{ provider }, { parent }]) {
      assert.throws(
        () => new ostor.User("acme", { emailAddress: "a@b.example" }, opts),
        /User acme: .* is not an ostor\.Provider/,
      );
    }
  });

  it("accept an ostor.Provider with settings as texts and a secret", async () => {
    const provider = new ostor.Provider("eu", {
      endpoint: "https://s3.example.com",
      accessKeyId: "AK",
      secretAccessKey: "SK",
      maxRetries: 2,
      insecure: true,
    });
    new ostor.User("acme", { emailAddress: "a@b.example" }, { provider });
    await valueOf(provider.urn);
    const found = registered.find(({ type }) => type === "pulumi:providers:pulumi-nodejs");
    assert.deepEqual(found?.inputs as object, {
      "ostor:endpoint": "https://s3.example.com",
      "ostor:accessKeyId": "AK",
      "ostor:secretAccessKey": {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        value: "SK",
      },
      "ostor:maxRetries": "2",
      "ostor:insecure": "true",
      "ostor:explicit": "true",
    });
    assert.equal(await pulumi.isSecret(provider.settings), true);
  });

  it("pass get functions to mocks.call", async () => {
    const { users } = await ostor.getUsers();
    assert.equal(users[0]?.emailAddress, "mocked@acme.example");
    const user = new ostor.User("acme", { emailAddress: "ops@acme.example" });
    await valueOf(ostor.getBucketsOutput({ user }));
    await valueOf(ostor.getUserOutput({ emailAddress: user.emailAddress }));
    assert.deepEqual(
      calls.map(({ token, inputs }) => [token, inputs as object]),
      [
        ["ostor:index:getUsers", {}],
        ["ostor:index:getBuckets", { user: "0123456789abcdef" }],
        ["ostor:index:getUser", { emailAddress: "ops@acme.example" }],
      ],
    );
  });
});
