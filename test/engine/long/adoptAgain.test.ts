import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "../harness";

const tenant = `const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example" });`;
const failing = `new ostor.User("other", { emailAddress: "other@acme.example" }, { dependsOn: [now] });`;

describe("an adoption on the engine whose first run failed", () => {
  const used = useCluster();
  const user = () => used.emulator.cluster.user("ops@acme.example");
  const keys = () => user()?.accessKeys.map(({ accessKeyId }) => accessKeyId);
  const rotating = (adopt: string) =>
    `${tenant} const now = new ostor.RotatingAccessKey("key", { user: tenant, generation: 0, adopt: "${adopt}" });`;

  it("keeps the key when the next run deletes the resource that had it before", async () => {
    used.stack.program(`${tenant} new ostor.AccessKey("key", { user: tenant });`);
    requireSuccess(await used.stack.up());
    const [id = ""] = keys() ?? [];
    used.stack.program(`${rotating(id)} ${failing}`);
    used.emulator.cluster.createUser("other@acme.example");
    const failed = await used.stack.up();
    assert.notEqual(failed.code, 0, failed.output);
    assert.equal(
      (await used.stack.resources()).filter(({ type }) => type.endsWith("Key")).length,
      2,
    );
    used.stack.program(rotating(id));
    const { output } = requireSuccess(await used.stack.up());
    assert.match(output, /is not revoked: a resource of this program keeps or adopts it/);
    assert.deepEqual(keys(), [id]);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("keeps the user when the next run deletes the resource that had it before", async () => {
    const { userId = "" } = user() ?? {};
    const adopting = `const now = new ostor.User("anew", { emailAddress: "ops@acme.example", adopt: "${userId}" });`;
    used.stack.program(`${adopting} ${failing}`);
    assert.notEqual((await used.stack.up()).code, 0);
    used.stack.program(adopting);
    requireSuccess(await used.stack.up());
    assert.equal(user()?.userId, userId);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("does not keep what it adopted when a destroy runs the program", async () => {
    const { userId = "" } = user() ?? {};
    const { accessKeyId } = used.emulator.cluster.generateKey("ops@acme.example");
    used.stack.program(
      `const now = new ostor.User("anew", { emailAddress: "ops@acme.example", adopt: "${userId}" });
       new ostor.AccessKey("key", { user: now.emailAddress, adopt: "${accessKeyId}" });`,
    );
    requireSuccess(await used.stack.up());
    requireSuccess(await used.stack.up("--expect-no-changes"));
    requireSuccess(await used.stack.destroy("--run-program"));
    assert.equal(user(), undefined);
    assert.deepEqual(await used.stack.resources(), []);
  });

  it("does not keep a key that it rotates, although that run failed and adopt stays", async () => {
    const { userId } = used.emulator.cluster.createUser("ops@acme.example");
    const [adopt = ""] = keys() ?? [];
    const key = (month: number) =>
      `const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example", adopt: "${userId}" });
       const now = new ostor.AccessKey("key", { user: tenant, adopt: "${adopt}", keepers: { month: "${month}" } });`;
    used.stack.program(key(1));
    requireSuccess(await used.stack.up());
    used.stack.program(`${key(2)} ${failing}`);
    for (const [month, flags] of [
      [2, []],
      [3, ["--refresh"]],
    ] as const) {
      const [before] = keys() ?? [];
      used.stack.program(`${key(month)} ${failing}`);
      assert.notEqual((await used.stack.up()).code, 0);
      assert.equal(keys()?.length, 2);
      used.stack.program(key(month));
      requireSuccess(await used.stack.up(...flags));
      assert.equal(keys()?.length, 1);
      assert.notEqual(keys()?.[0], before);
    }
    assert.equal(keys()?.includes(adopt), false);
    used.stack.program("");
    requireSuccess(await used.stack.up());
  });

  it("does not keep a key that is rotated, or leaves the program, after a refresh", async () => {
    const { userId } = used.emulator.cluster.createUser("ops@acme.example");
    const [adopt = ""] = keys() ?? [];
    const adoptedUser = `const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example", adopt: "${userId}" });`;
    const key = (month: number, id: string) =>
      `${adoptedUser} new ostor.AccessKey("key", { user: tenant, adopt: "${id}", keepers: { month: "${month}" } });`;
    used.stack.program(key(1, adopt));
    requireSuccess(await used.stack.up());
    used.stack.program(key(2, adopt));
    requireSuccess(await used.stack.up("--refresh"));
    assert.equal(keys()?.length, 1);
    assert.equal(keys()?.includes(adopt), false);
    used.stack.program(key(2, keys()?.[0] ?? ""));
    requireSuccess(await used.stack.up());
    used.stack.program(adoptedUser);
    requireSuccess(await used.stack.up("--refresh"));
    assert.deepEqual(keys(), []);
    used.stack.program("");
    requireSuccess(await used.stack.up());
  });

  it("does not keep what leaves the program, with or without a refresh", async () => {
    const { userId } = used.emulator.cluster.createUser("ops@acme.example");
    const { accessKeyId } = used.emulator.cluster.generateKey("ops@acme.example");
    const adopted = `const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example", adopt: "${userId}" });`;
    used.stack.program(
      `${adopted} new ostor.AccessKey("key", { user: tenant, adopt: "${accessKeyId}" });`,
    );
    requireSuccess(await used.stack.up());
    used.stack.program(adopted);
    requireSuccess(await used.stack.up("--refresh", "--run-program"));
    assert.equal(keys()?.includes(accessKeyId), false);
    used.stack.program("");
    requireSuccess(await used.stack.up("--refresh"));
    assert.equal(user(), undefined);
  });
});
