import assert from "node:assert/strict";
import { unattended, useExample } from "../useExample";

describe("the example users-and-keys", () => {
  const used = useExample("examples/users-and-keys");
  const user = (name: string) => {
    const found = used.emulator.cluster.user(`${name}@storage.example`);
    assert.ok(found, `${name} is on the cluster`);
    return found;
  };
  const ids = (name: string) =>
    user(name)
      .accessKeys.map(({ accessKeyId }) => accessKeyId)
      .sort();

  it("creates four tenants with 1, 2, 1 and 0 keys", async () => {
    await used.pulumi("up", ...unattended);
    const counts = ["acme", "globex", "initech", "umbrella"].map((name) => ids(name).length);
    assert.deepEqual(counts, [1, 2, 1, 0]);
    const { accessKeyIds, secretAccessKeys } = (await used.outputs()) as Record<
      string,
      Record<string, string[]>
    >;
    assert.deepEqual(accessKeyIds?.["initech"], ids("initech"));
    assert.deepEqual(secretAccessKeys?.["initech"], [
      user("initech").accessKeys[0]?.secretAccessKey,
    ]);
  });

  it("reports no changes when run again", async () => {
    await used.pulumi("up", ...unattended, "--expect-no-changes");
    await used.pulumi("preview", "--refresh", "--expect-no-changes");
  });

  it("rotates the keys of both tenants when `rotated` changes, but not a user's own key", async () => {
    const before = { acme: ids("acme"), globex: ids("globex"), initech: ids("initech") };
    await used.config("rotated", "2026-12");
    await used.pulumi("up", ...unattended);
    for (const [name, count] of [
      ["acme", 1],
      ["globex", 2],
    ] as const) {
      assert.equal(ids(name).length, count);
      assert.ok(!ids(name).some((id) => before[name].includes(id)), `${name} has only new keys`);
    }
    assert.deepEqual(ids("initech"), before.initech);
    await used.pulumi("preview", "--refresh", "--expect-no-changes");
  });

  it("suspends each tenant named in `suspended`, and keeps its keys", async () => {
    const before = ids("acme");
    await used.config("suspended.acme", "true");
    await used.pulumi("up", ...unattended);
    assert.deepEqual([user("acme").state, ids("acme")], ["disabled", before]);
    await used.config("suspended.globex", "true");
    await used.pulumi("up", ...unattended);
    assert.deepEqual([user("acme").state, user("globex").state], ["disabled", "disabled"]);
  });

  it("refuses a name in `suspended` that no tenant has", async () => {
    await used.config("suspended.gloebx", "true");
    await assert.rejects(used.pulumi("preview"), /suspended: there is no tenant gloebx/);
    await used.pulumi("config", "rm", "--path", "suspended.gloebx");
  });

  it("lets another system disable and enable the tenant whose state it ignores", async () => {
    used.emulator.cluster.setUserState("umbrella@storage.example", "disabled");
    await used.pulumi("preview", "--refresh", "--expect-no-changes");
    await used.pulumi("up", ...unattended, "--refresh");
    assert.equal(user("umbrella").state, "disabled");
  });

  it("leaves nothing after destroy", async () => {
    await used.pulumi("destroy", ...unattended);
    assert.deepEqual(used.emulator.cluster.users(), []);
    assert.deepEqual(await used.resources(), []);
  });
});
