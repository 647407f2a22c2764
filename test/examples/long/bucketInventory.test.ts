import assert from "node:assert/strict";
import { unattended, useExample } from "../useExample";

describe("the example bucket-inventory", () => {
  const used = useExample("examples/bucket-inventory", (cluster) => {
    for (const name of ["acme", "globex", "initech"]) cluster.createUser(`${name}@storage.example`);
    for (const [bucket, owner, size] of [
      ["inventory", "acme", 1000],
      ["photos", "acme", 500],
      ["archive", "initech", 200],
    ] as const) {
      cluster.createBucket(bucket, `${owner}@storage.example`);
      cluster.putObject(bucket, "object", "x".repeat(size));
    }
    cluster.setUserState("initech@storage.example", "disabled");
  });

  it("exports the bytes of each tenant, and the disabled tenants that still store data", async () => {
    await used.config("tracked[0]", "inventory");
    await used.pulumi("up", ...unattended);
    const { bytesPerTenant, disabledWithData, owners } = await used.outputs();
    const bytes = bytesPerTenant as Record<string, number>;
    assert.deepEqual(
      ["acme", "globex", "initech"].map((name) => bytes[`${name}@storage.example`]),
      [1500, 0, 200],
    );
    assert.deepEqual(disabledWithData, ["initech@storage.example"]);
    const owner = used.emulator.cluster.user("acme@storage.example")?.userId;
    assert.deepEqual(owners, { inventory: owner });
  });

  it("reports no changes when run again, also after a bucket has grown", async () => {
    used.emulator.cluster.putObject("inventory", "more", "x".repeat(24));
    await used.pulumi("preview", "--refresh", "--expect-no-changes");
    await used.pulumi("up", ...unattended, "--expect-no-changes");
    const { bytesPerTenant } = await used.outputs();
    assert.equal((bytesPerTenant as Record<string, number>)["acme@storage.example"], 1524);
  });

  it("reports that a tracked bucket has another owner", async () => {
    used.emulator.cluster.setBucketOwner("inventory", "globex@storage.example");
    const preview = used.pulumi("preview", "--refresh", "--expect-no-changes");
    await assert.rejects(preview, /ended with 7/);
    await used.pulumi("up", ...unattended, "--refresh");
    const owner = used.emulator.cluster.user("globex@storage.example")?.userId;
    assert.deepEqual((await used.outputs())["owners"], { inventory: owner });
  });

  it("creates and deletes nothing on the cluster", async () => {
    await used.pulumi("destroy", ...unattended);
    assert.deepEqual(
      [used.emulator.cluster.users().length, used.emulator.cluster.buckets().length],
      [3, 3],
    );
    assert.deepEqual(await used.resources(), []);
    const methods = new Set(used.emulator.requests.map(({ method }) => method));
    assert.deepEqual([...methods], ["GET"]);
  });
});
