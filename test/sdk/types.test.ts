import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as ostor from "../../sdk";
import { useMocks } from "./mocks";

/** The types of each class: with the dynamic provider, and with the plugin. */
const types = {
  User: ["pulumi-nodejs:dynamic/ostor:User", "ostor:index:User"],
  AccessKey: ["pulumi-nodejs:dynamic/ostor:AccessKey", "ostor:index:AccessKey"],
  RotatingAccessKey: [
    "pulumi-nodejs:dynamic/ostor:RotatingAccessKey",
    "ostor:index:RotatingAccessKey",
  ],
  Bucket: ["pulumi-nodejs:dynamic/ostor:Bucket", "ostor:index:Bucket"],
  Tenant: ["ostor:index:Tenant", "ostor:index:Tenant"],
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
    // oxlint-disable-next-line typescript/no-require-imports -- an import would be the first copy
    return require("../../sdk") as typeof ostor;
  } finally {
    Object.assign(require.cache, Object.fromEntries(kept));
  }
}

describe("the type conventions of generated SDKs", () => {
  useMocks();

  for (const name of names) {
    it(`hold for ${name}, whichever front door the program uses`, () => {
      const resources = declare(ostor);
      const [dynamic, plugin] = types[name];
      assert.equal(Reflect.get(resources[name], "__pulumiType"), dynamic);
      // Tools call it without a resource and without `this`. Without a static type, policies call it too.
      const isInstance = Reflect.get(ostor[name], "isInstance") as (value: unknown) => boolean;
      assert.equal(
        Reflect.get(ostor[name], "__pulumiType"),
        name === "Tenant" ? plugin : undefined,
      );
      for (const __pulumiType of [dynamic, plugin]) assert.ok(isInstance({ __pulumiType }));
      const matching = names.filter((other) => isInstance(resources[other]));
      assert.deepEqual(matching, [name]);
      for (const other of [undefined, null, "", {}, pulumi.output({ __pulumiType: dynamic })]) {
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
    for (const __pulumiType of ["pulumi:providers:pulumi-nodejs", "pulumi:providers:ostor"]) {
      assert.ok(ostor.Provider.isInstance({ __pulumiType }), "as a policy asks");
    }
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
