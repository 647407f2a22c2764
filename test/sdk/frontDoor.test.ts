import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { version } from "../../package.json";
import { schema } from "../../provider/plugin/schema";
import * as ostor from "../../sdk";
import { kinds, providerTexts, typesOf } from "../../sdk/frontDoor";
import { useMocks, valueOf } from "./mocks";

const address = { emailAddress: "ops@acme.example" };
const settings = { endpoint: "https://s3.example.com", accessKeyId: "AK", secretAccessKey: "SK" };
/** Of a URN, without stack and project. */
const placeOf = (alias: string) => alias.replace(/^urn:pulumi:[^:]*::[^:]*::/, "");

describe("what a stack stores of the provider", () => {
  // Never change these lines to make the test pass. The state of each stack contains the texts, and the dynamic host loads the
  // provider from them. Another text is a diff of every resource; a text that loads nothing makes resources undeletable.
  it("is the same as in the first release", () => {
    assert.deepEqual(providerTexts, {
      User: 'exports.handler = () => require("pulumi-ostor/provider").user',
      AccessKey: 'exports.handler = () => require("pulumi-ostor/provider").accessKey',
      Bucket: 'exports.handler = () => require("pulumi-ostor/provider").bucket',
      RotatingAccessKey: 'exports.handler = () => require("pulumi-ostor/provider").rotation',
    });
    assert.deepEqual(
      kinds.map((kind) => typesOf(kind)[0]),
      [
        "pulumi-nodejs:dynamic/ostor:User",
        "pulumi-nodejs:dynamic/ostor:AccessKey",
        "pulumi-nodejs:dynamic/ostor:Bucket",
        "pulumi-nodejs:dynamic/ostor:RotatingAccessKey",
      ],
    );
  });

  it("is short, because each resource stores it three times", () => {
    for (const text of Object.values(providerTexts)) assert(Buffer.byteLength(text) <= 70, text);
  });

  it("has the types of the plugin's schema", () => {
    assert.deepEqual(
      kinds.map((kind) => typesOf(kind)[1]).sort(),
      Object.keys(schema.resources).sort(),
    );
  });
});

describe("usePlugin", () => {
  const engine = useMocks();

  /** One resource of each class, by the names of the classes. */
  const declareAll = (opts: pulumi.CustomResourceOptions = {}) => {
    const User = new ostor.User("User", address, opts);
    const others = {
      AccessKey: new ostor.AccessKey("AccessKey", { user: User }, opts),
      RotatingAccessKey: new ostor.RotatingAccessKey(
        "RotatingAccessKey",
        { user: "ops@globex.example", generation: 0 },
        opts,
      ),
      Bucket: new ostor.Bucket("Bucket", { name: "data", owner: User }, opts),
    };
    return { User, ...others };
  };
  const registered = async () => {
    const found = await Promise.all(kinds.map((kind) => engine.named(kind)));
    return found.map((each, index) => ({ ...each, kind: kinds[index] ?? "User" }));
  };

  it("sends the plugin's types, the type of the dynamic provider as an alias, and the version", async () => {
    ostor.usePlugin();
    declareAll();
    for (const {
      kind,
      type,
      inputs,
      version: sent,
      pluginDownloadURL,
      aliases,
    } of await registered()) {
      assert.equal(type, `ostor:index:${kind}`);
      assert.ok(!("__provider" in inputs), kind);
      assert.deepEqual(aliases.map(placeOf), [`pulumi-nodejs:dynamic/ostor:${kind}::`]);
      assert.equal(sent, version);
      assert.equal(pluginDownloadURL, Reflect.get(schema, "pluginDownloadURL") ?? "");
    }
  });

  it("sends only inputs that the plugin knows", async () => {
    ostor.usePlugin();
    const secret = pulumi.secret("ops@acme.example");
    new ostor.User("User", { emailAddress: secret, state: "enabled", createAccessKey: false });
    new ostor.AccessKey("AccessKey", { user: secret, keepers: { a: "b" } });
    new ostor.RotatingAccessKey("RotatingAccessKey", { user: secret, every: "30d" });
    new ostor.Bucket("Bucket", { name: "data", owner: pulumi.secret("0123456789abcdef") });
    for (const { type, inputs } of await registered()) {
      const { inputProperties } = schema.resources[type as keyof typeof schema.resources];
      const given = Object.keys(inputs).filter((name) => inputs[name] !== undefined);
      assert.ok(given.length > 1, type);
      assert.deepEqual(
        given.filter((name) => !(name in inputProperties)),
        [],
      );
    }
  });

  it("keeps the options that the classes set", async () => {
    ostor.usePlugin();
    declareAll();
    const user = await engine.named("User");
    assert.deepEqual([user.deleteBeforeReplace, user.secretOutputs], [true, ["secretAccessKey"]]);
    assert.match((await engine.named("AccessKey")).deletedWith, /ostor:index:User::User$/);
  });

  it("adds the type of the dynamic provider to aliases that name none", async () => {
    ostor.usePlugin();
    const urn = "urn:pulumi:dev::p::pulumi-nodejs:dynamic/ostor:User::older";
    new ostor.User("User", address, { aliases: [{ name: "old" }, urn] });
    const { aliases } = await engine.named("User");
    assert.deepEqual(aliases.map(placeOf).sort(), [
      "::old",
      "pulumi-nodejs:dynamic/ostor:User::",
      "pulumi-nodejs:dynamic/ostor:User::old",
      "pulumi-nodejs:dynamic/ostor:User::older",
    ]);
  });

  it("moves the children of a Tenant, with movedFrom from both types", async () => {
    ostor.usePlugin();
    new ostor.Tenant("acme", { ...address, keys: ["app"], movedFrom: "stack" });
    const { aliases } = await engine.named("acme-app");
    assert.deepEqual(aliases.map(placeOf).sort(), [
      "ostor:index:AccessKey::acme-app",
      "pulumi-nodejs:dynamic/ostor:AccessKey::",
      "pulumi-nodejs:dynamic/ostor:AccessKey::acme-app",
    ]);
  });

  it("creates an explicit provider of the plugin with plain names, for resources and children", async () => {
    ostor.usePlugin();
    const provider = new ostor.Provider("eu", { ...settings, maxRetries: 0, insecure: true });
    const { type, inputs, version: sent } = await engine.named("eu");
    assert.equal(type, "pulumi:providers:ostor");
    assert.equal(sent, version);
    const { secretAccessKey, ...plain } = inputs;
    const { endpoint, accessKeyId } = settings;
    assert.deepEqual(plain, { endpoint, accessKeyId, maxRetries: "0", insecure: "true" });
    assert.equal(pulumi.runtime.unwrapRpcSecret(secretAccessKey), "SK");
    assert.ok(ostor.Provider.isInstance(provider));
    assert.equal((await valueOf(pulumi.unsecret(provider.settings))).explicit, "true");
    new ostor.User("User", address, { provider });
    new ostor.Tenant(
      "tenant",
      { emailAddress: "a@b.example", keys: ["k"] },
      { providers: [provider] },
    );
    for (const name of ["User", "tenant-k"]) {
      assert.match((await engine.named(name)).provider ?? "", /pulumi:providers:ostor::eu::eu-id$/);
    }
  });

  it("reads with the plugin's types, and data sources under their names", async () => {
    ostor.usePlugin();
    ostor.User.get("User", "ops@acme.example");
    assert.equal((await engine.named("User")).type, "ostor:index:User");
    await ostor.getUsers();
    assert.deepEqual(
      engine.calls.map(({ token }) => token),
      ["ostor:index:getUsers"],
    );
  });

  it("passes the options that only the dynamic provider ignores, and refuses others by name", () => {
    ostor.usePlugin();
    assert.doesNotThrow(() => declareAll({ replaceOnChanges: ["*"] }));
    assert.doesNotThrow(() => new ostor.User("a", address, { import: "ops@acme.example" }));
    for (const option of [
      { customTimeouts: { create: "1m" } },
      { version: "9.9.9" },
      { pluginDownloadURL: "https://plugins.example.com" },
      { urn: "urn:pulumi:dev::p::ostor:index:User::acme" },
    ]) {
      const name = Object.keys(option)[0] ?? "";
      const message = new RegExp(
        `User b: option ${name} is not supported: .*\\[unsupported-option\\]`,
      );
      assert.throws(() => new ostor.User("b", address, option), { message });
    }
    for (const option of [{ import: "x" }, { replaceOnChanges: ["state"] }]) {
      assert.throws(
        () => new ostor.Tenant("t", address, option),
        /Tenant t: option \w+ is not supported: a Tenant is a component/,
      );
    }
  });

  it("may be called again", () => {
    ostor.usePlugin();
    new ostor.User("User", address);
    assert.doesNotThrow(ostor.usePlugin);
  });

  it("applies to one run only", async () => {
    new ostor.User("User", address);
    assert.equal((await engine.named("User")).type, "pulumi-nodejs:dynamic/ostor:User");
  });

  const first = {
    "a resource": () => new ostor.User("acme", address),
    "a Tenant": () => new ostor.Tenant("acme", address),
    "a provider": () => new ostor.Provider("eu", settings),
    "a data source": () => ostor.getUsersOutput(),
  };
  for (const [what, declare] of Object.entries(first)) {
    it(`is refused after ${what}`, () => {
      declare();
      assert.throws(ostor.usePlugin, (error: unknown) => {
        assert.ok(pulumi.RunError.isInstance(error));
        assert.match(
          error.message,
          /^usePlugin: .* call usePlugin before the first one \[plugin-too-late\]$/,
        );
        return true;
      });
    });
  }
});
