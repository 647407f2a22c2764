import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as ostor from "../../sdk";
import { useMocks } from "./mocks";

const types = {
  User: "pulumi-nodejs:dynamic/ostor:User",
  AccessKey: "pulumi-nodejs:dynamic/ostor:AccessKey",
  RotatingAccessKey: "pulumi-nodejs:dynamic/ostor:RotatingAccessKey",
  Bucket: "pulumi-nodejs:dynamic/ostor:Bucket",
  Tenant: "ostor:index:Tenant",
} as const;
type Name = keyof typeof types;
const names = Object.keys(types) as Name[];

/** One resource of each class. */
function declare({ User, AccessKey, RotatingAccessKey, Bucket, Tenant }: typeof ostor) {
  const user = new User("user", { emailAddress: "ops@acme.example" });
  return {
    User: user,
    AccessKey: new AccessKey("key", { user }),
    RotatingAccessKey: new RotatingAccessKey("rotating", { user: "ops@globex.example" }),
    Bucket: new Bucket("bucket", { name: "data" }),
    Tenant: new Tenant("tenant", { emailAddress: "ops@hooli.example" }),
  };
}

/** The package, loaded as a second copy in node_modules. */
function otherCopy(): typeof ostor {
  const ours = Object.keys(require.cache).filter((file) => /[\\/]sdk[\\/]\w+\.ts$/.test(file));
  const kept = ours.map((file) => [file, require.cache[file]] as const);
  for (const file of ours) Reflect.deleteProperty(require.cache, file);
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would be the first copy
    return require("../../sdk") as typeof ostor;
  } finally {
    Object.assign(require.cache, Object.fromEntries(kept));
  }
}

describe("the type conventions of generated SDKs", () => {
  useMocks();

  for (const name of names) {
    it(`hold for ${name}`, () => {
      const resources = declare(ostor);
      const { __pulumiType } = ostor[name];
      assert.equal(__pulumiType, types[name]);
      assert.equal(Reflect.get(resources[name], "__pulumiType"), types[name]);
      // Tools call it without a resource and without `this`.
      const isInstance = Reflect.get(ostor[name], "isInstance") as (value: unknown) => boolean;
      assert.ok(isInstance({ __pulumiType }));
      const matching = names.filter((other) => isInstance(resources[other]));
      assert.deepEqual(matching, [name]);
      for (const other of [undefined, null, "", {}, pulumi.output({ __pulumiType })]) {
        assert.ok(!isInstance(other));
      }
    });

    it(`hold for a ${name} of another copy of the package`, () => {
      const other = otherCopy();
      assert.notEqual(other[name], ostor[name]);
      assert.ok(ostor[name].isInstance(declare(other)[name]));
    });
  }

  it("hold for Provider, whose isInstance stays strict", () => {
    const args = {
      endpoint: "https://s3.eu.example",
      accessKeyId: "id",
      secretAccessKey: "secret",
    };
    assert.equal(ostor.Provider.__pulumiType, "pulumi:providers:pulumi-nodejs");
    assert.ok(ostor.Provider.isInstance(new (otherCopy().Provider)("eu", args)));
    class Foreign extends pulumi.ProviderResource {}
    const foreign = new Foreign("pulumi-nodejs", "foreign", {});
    assert.ok(!ostor.Provider.isInstance(foreign), "its credentials are not ours");
  });

  it("find the User of another copy as the owner of a key", async () => {
    const user = new (otherCopy().User)("acme", { emailAddress: "ops@acme.example" });
    const key = new ostor.AccessKey("app", { user });
    assert.ok(await new Promise((resolve) => key.urn.apply(resolve)));
  });
});
