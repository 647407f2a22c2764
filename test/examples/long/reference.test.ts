import assert from "node:assert/strict";
import { unattended, useExample } from "../useExample";

const outsider = "warehouse@storage.example";

describe("the example reference", () => {
  const used = useExample("examples/reference", (cluster) => {
    cluster.createUser(outsider);
    cluster.createBucket("inventory", outsider);
    cluster.putObject("inventory", "parts.csv", "bolt,7");
  });

  it("runs, and each resource and function returns what is on the cluster", async () => {
    const { endpoint, credentials, cluster } = used.emulator;
    await used.config("euEndpoint", endpoint);
    await used.config("euAccessKeyId", credentials.accessKeyId);
    await used.config("euSecretAccessKey", credentials.secretAccessKey);
    await used.pulumi("up", ...unattended);
    const user = (address: string) => {
      const found = cluster.user(address);
      assert.ok(found, address);
      return found;
    };
    const [acme, warehouse] = [user("ops@acme.example"), user(outsider)];
    const { addresses, inventorySince, ...outputs } = await used.outputs();
    assert.deepEqual(outputs, {
      userId: acme.userId,
      accessKeyId: acme.accessKeys[0]?.accessKeyId,
      secretAccessKey: acme.accessKeys[0]?.secretAccessKey,
      appKeyId: user("ops@hooli.example").accessKeys[0]?.accessKeyId,
      current: user("ops@initech.example").accessKeys[0],
      inventoryOwnerId: warehouse.userId,
      warehouseKeyIds: warehouse.accessKeys.map(({ accessKeyId }) => accessKeyId),
      acmeFlags: [],
      suspended: [],
      inventoryBytes: 6,
      warehouseBuckets: ["inventory"],
      acmeBuckets: [],
    });
    assert.ok((addresses as string[]).includes("ops@acme.example"));
    assert.match(String(inventorySince), /^\d{4}-\d\d-\d\dT/);
    assert.equal(user("ops@globex.example").state, "enabled");
  });

  it("leaves only what existed before, after destroy", async () => {
    await used.pulumi("destroy", ...unattended);
    const left = used.emulator.cluster.users().map(({ emailAddress }) => emailAddress);
    assert.deepEqual(left, [outsider]);
  });
});
