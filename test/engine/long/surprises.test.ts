import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "../harness";

const tenant = (name: string, args = "", address = "ops@acme.example") =>
  `const tenant = new ostor.User("${name}", { emailAddress: "${address}", ${args} });`;
const key = `new ostor.AccessKey("key", { user: tenant });`;

describe("changes that could have surprising effects, on the engine", () => {
  const used = useCluster();
  const user = (address = "ops@acme.example") => used.emulator.cluster.user(address);

  it("a renamed User with the adopt line is not deleted under its old name", async () => {
    used.stack.program(tenant("acme"));
    requireSuccess(await used.stack.up());
    const { userId } = user() ?? {};
    used.stack.program(tenant("acme2"));
    assert.match((await used.stack.up()).output, /under another name, use aliases/);
    used.stack.program(tenant("acme2", `adopt: "${userId ?? ""}"`));
    const { output } = requireSuccess(await used.stack.up());
    assert.match(output, /is not deleted: a resource of this program keeps or adopts it/);
    assert.equal(user()?.userId, userId);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("a renamed AccessKey with an adopt line is not revoked under its old name, next to other resources", async () => {
    used.emulator.cluster.createUser("other@acme.example");
    used.emulator.cluster.createBucket("data", "other@acme.example");
    const id = used.emulator.cluster.generateKey("ops@acme.example").accessKeyId;
    const program = (name: string) => `${tenant("acme2")}
      const k = new ostor.AccessKey("${name}", { user: "ops@acme.example", adopt: "${id}" });
      new ostor.Bucket("data", { name: "data" }, { dependsOn: k });`;
    used.stack.program(program("one"));
    requireSuccess(await used.stack.up());
    used.stack.program(program("uno"));
    requireSuccess(await used.stack.up());
    assert.deepEqual(
      user()?.accessKeys.map(({ accessKeyId }) => accessKeyId),
      [id],
    );
  });

  it("a suspended tenant is not enabled by a change of another property", async () => {
    const declared = (createAccessKey: boolean) => `new ostor.User("acme2", {
      emailAddress: "ops@acme.example", createAccessKey: ${createAccessKey} }, { ignoreChanges: ["state"] });`;
    used.stack.program(declared(false));
    requireSuccess(await used.stack.up());
    used.emulator.cluster.setUserState("ops@acme.example", "disabled");
    used.stack.program(declared(true));
    requireSuccess(await used.stack.up());
    requireSuccess(await used.stack.up());
    assert.deepEqual([user()?.state, user()?.accessKeys.length], ["disabled", 1]);
  });

  it("an address that is in use is refused at preview, before the old user is deleted", async () => {
    used.stack.program(`${tenant("acme2")} ${key}`);
    requireSuccess(await used.stack.up("--refresh"));
    const before = user();
    used.stack.program(`${tenant("acme2", "", "other@acme.example")} ${key}`);
    for (const command of ["preview", "up"] as const) {
      const refused = await used.stack[command]();
      assert.notEqual(refused.code, 0);
      assert.match(refused.output, /other@acme\.example: that user already exists/);
    }
    assert.deepEqual(user(), before);
  });

  it("a replacement that fails after the deletion is completed by the next up", async () => {
    used.stack.program(`${tenant("acme2")} ${key}`);
    requireSuccess(await used.stack.up());
    const urn = (await used.stack.resource("acme2"))?.urn ?? "";
    used.emulator.failNext({ operation: "createUser", kind: "status", status: 400 });
    assert.notEqual((await used.stack.up("--replace", urn)).code, 0);
    assert.equal(user(), undefined);
    requireSuccess(await used.stack.up());
    assert.equal(user()?.accessKeys.length, 1);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("keys with tenant.emailAddress or tenant.id as user still work after a refused deletion", async () => {
    requireSuccess(await used.stack.destroy());
    used.stack.program(`${tenant("acme")}
      new ostor.AccessKey("one", { user: tenant.emailAddress });
      new ostor.AccessKey("two", { user: tenant.id });`);
    requireSuccess(await used.stack.up());
    used.emulator.cluster.createBucket("mine", "ops@acme.example");
    used.stack.program("");
    assert.notEqual((await used.stack.up()).code, 0);
    assert.equal(user()?.accessKeys.length, 2);
  });
});

describe("a cluster that only accepts signature V2, on the engine", () => {
  const used = useCluster({ assumptions: { signatureVersions: ["v2"] } });

  it("accepts many first requests at the same time", async () => {
    const names = Array.from({ length: 8 }, (_, index) => `u${index}`);
    used.stack.program(
      names
        .map((name) => `new ostor.User("${name}", { emailAddress: "${name}@acme.example" });`)
        .join("\n"),
    );
    requireSuccess(await used.stack.up());
    assert.equal(used.emulator.cluster.users().length, 8);
    requireSuccess(await used.stack.destroy());
  });
});
