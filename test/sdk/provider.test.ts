import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as ostor from "../../sdk";
import { isSecret, useMocks } from "./mocks";

const settings = {
  endpoint: "https://s3.eu.example.com",
  accessKeyId: "AK",
  secretAccessKey: "SECRET",
};

class Foreign extends pulumi.ProviderResource {
  constructor(name: string) {
    super("pulumi-nodejs", name, { token: "x" });
  }
}

class Component extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("test:index:Component", name, {}, opts);
  }
}

describe("Provider", () => {
  const engine = useMocks();

  it("registers its settings as texts under ostor:, marked as explicit", async () => {
    new ostor.Provider("eu", {
      ...settings,
      region: "eu-1",
      signatureVersion: "v2",
      insecure: true,
      timeoutSeconds: 2.5,
      deadlineSeconds: 60,
      maxRetries: 0,
      maxConcurrency: pulumi.output(8),
    });
    const { type, inputs } = await engine.named("eu");
    assert.equal(type, "pulumi:providers:pulumi-nodejs");
    const { "ostor:secretAccessKey": secret, ...plain } = inputs;
    assert.deepEqual(plain, {
      "ostor:endpoint": "https://s3.eu.example.com",
      "ostor:accessKeyId": "AK",
      "ostor:region": "eu-1",
      "ostor:signatureVersion": "v2",
      "ostor:insecure": "true",
      "ostor:timeoutSeconds": "2.5",
      "ostor:deadlineSeconds": "60",
      "ostor:maxRetries": "0",
      "ostor:maxConcurrency": "8",
      "ostor:explicit": "true",
    });
    assert(pulumi.runtime.isRpcSecret(secret));
    assert.equal(pulumi.runtime.unwrapRpcSecret(secret), "SECRET");
  });

  it("refuses an argument that is not a setting, and names the similar one", () => {
    const args = { ...settings, maxRetry: 9 };
    assert.throws(
      () => new ostor.Provider("eu", args),
      /^Error: Provider eu: maxRetry is not a setting and has no effect; did you mean maxRetries\? \[unknown-setting\]$/,
    );
  });

  it("registers nothing for arguments that are not set", async () => {
    new ostor.Provider("eu", { ...settings, region: undefined });
    const { inputs } = await engine.named("eu");
    assert.deepEqual(Object.keys(inputs).sort(), [
      "ostor:accessKeyId",
      "ostor:endpoint",
      "ostor:explicit",
      "ostor:secretAccessKey",
    ]);
  });

  it("has its settings as a secret output", async () => {
    assert.equal(await isSecret(new ostor.Provider("eu", settings).settings), true);
  });

  it("recognizes its instances, and nothing else", () => {
    assert.equal(ostor.Provider.isInstance(new ostor.Provider("eu", settings)), true);
    for (const other of [new Foreign("foreign"), settings, null, undefined, "eu"]) {
      assert.equal(ostor.Provider.isInstance(other), false);
    }
  });

  it("is used by the resources that name it", async () => {
    const provider = new ostor.Provider("eu", settings);
    new ostor.User("acme", { emailAddress: "ops@acme.example" }, { provider });
    assert.match((await engine.named("acme")).provider ?? "", /pulumi-nodejs::eu::eu-id$/);
  });

  it("is inherited from a parent", async () => {
    const provider = new ostor.Provider("eu", settings);
    const parent = new Component("parent", { providers: [provider] });
    new ostor.User("acme", { emailAddress: "ops@acme.example" }, { parent });
    assert.match((await engine.named("acme")).provider ?? "", /pulumi-nodejs::eu::eu-id$/);
  });
});

describe("a provider of another package", () => {
  useMocks();

  const makers: Record<string, (opts: pulumi.CustomResourceOptions) => unknown> = {
    "User acme": (opts) => new ostor.User("acme", { emailAddress: "ops@acme.example" }, opts),
    "AccessKey acme": (opts) => new ostor.AccessKey("acme", { user: "ops@acme.example" }, opts),
    "Bucket acme": (opts) => new ostor.Bucket("acme", { name: "data" }, opts),
  };
  const refused = (resource: string) => (error: unknown) =>
    pulumi.RunError.isInstance(error) &&
    error.message ===
      `${resource}: the provider given to it is not an ostor.Provider; create one with new ostor.Provider(…) [foreign-provider]`;

  for (const [resource, make] of Object.entries(makers)) {
    it(`is refused by ${resource}, given directly or by its parent`, () => {
      const foreign = new Foreign("foreign");
      assert.throws(() => make({ provider: foreign }), refused(resource));
      const parent = new Component("parent", { providers: [foreign] });
      assert.throws(() => make({ parent }), refused(resource));
    });
  }

  it("is refused by the data sources", async () => {
    const provider = new Foreign("foreign") as unknown as ostor.Provider;
    const message =
      "the provider given to it is not an ostor.Provider; create one with new ostor.Provider(…) [foreign-provider]";
    await assert.rejects(ostor.getUsers({ provider }), { message: `getUsers: ${message}` });
    assert.throws(() => ostor.getBucketOutput({ name: "data" }, { provider }), {
      message: `getBucket: ${message}`,
    });
  });
});
