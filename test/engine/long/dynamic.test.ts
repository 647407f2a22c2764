import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "../harness";

describe("the provider objects passed to pulumi.dynamic.Resource", () => {
  const used = useCluster();

  it("create, keep, disable and delete a user with keys and a tracked bucket", async () => {
    const program = (state: string) => `
      const providers = require("pulumi-ostor/provider");
      class Tenant extends pulumi.dynamic.Resource {
        constructor(name, args) { super(providers.user, name, { userId: undefined, ...args }); }
      }
      class Key extends pulumi.dynamic.Resource {
        constructor(name, args) { super(providers.accessKey, name, { secretAccessKey: undefined, ...args }); }
      }
      class Tracked extends pulumi.dynamic.Resource {
        constructor(name, args) { super(providers.bucket, name, { ownerId: undefined, ...args }); }
      }
      const tenant = new Tenant("acme", { emailAddress: "ops@acme.example", state: "${state}" });
      const key = new Key("key", { user: tenant.id });
      new Tracked("bucket", { name: "inventory" });
      exports.secretAccessKey = key.secretAccessKey;`;
    const { cluster } = used.emulator;
    cluster.createUser("outside@acme.example");
    cluster.createBucket("inventory", "outside@acme.example");
    used.stack.program(program("enabled"));
    requireSuccess(await used.stack.up());
    requireSuccess(await used.stack.up("--expect-no-changes"));
    used.stack.program(program("disabled"));
    requireSuccess(await used.stack.up("--refresh"));
    const user = cluster.user("ops@acme.example");
    assert.equal(user?.state, "disabled");
    const [key] = user.accessKeys;
    assert.equal((await used.stack.outputs())["secretAccessKey"], key?.secretAccessKey);
    const state = JSON.stringify(await used.stack.resources());
    assert.ok(!state.includes(key?.secretAccessKey ?? "none"), "the result itself marks secrets");
    requireSuccess(await used.stack.destroy());
    assert.equal(cluster.users().length, 1);
  });
});
