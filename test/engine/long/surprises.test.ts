import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "../harness";

const tenant = (name: string, args = "", address = "ops@acme.example") =>
  `const tenant = new ostor.User("${name}", { emailAddress: "${address}", ${args} });`;
const key = `new ostor.AccessKey("key", { user: tenant });`;

describe("what a user may do by surprise on the engine", () => {
  const used = useCluster();
  const user = (address = "ops@acme.example") => used.emulator.cluster.user(address);

  it("a renamed User that follows the adopt line isn't deleted by its old name", async () => {
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

  it("a renamed AccessKey that adopts isn't revoked by its old name, with other kinds around", async () => {
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

  it("a suspended tenant isn't enabled by a change that doesn't show it", async () => {
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

  it("an address that is taken is refused at preview, before the old user is lost", async () => {
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

  it("a replacement that broke off halfway goes on with the next up", async () => {
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

  it("keys given tenant.emailAddress or tenant.id still work after a refused removal", async () => {
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

describe("a cluster that only knows V2 on the engine", () => {
  const used = useCluster({ assumptions: { signatureVersions: ["v2"] } });

  it("takes many first requests at once", async () => {
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
