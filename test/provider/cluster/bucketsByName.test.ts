import assert from "node:assert/strict";
import { useEmulator } from "../harness";

describe("the buckets of a run by name", () => {
  const address = "ops@acme.example";

  describe("of a service that answers at once", () => {
    const setup = useEmulator();
    beforeEach(() => {
      setup.emulator.cluster.createUser(address);
      setup.emulator.cluster.createBucket("data", address);
    });

    it("are listed once if they are as expected", async () => {
      const found = await setup.cluster.bucketsByName((buckets) => buckets.has("data"));
      assert.deepEqual([...found.keys()], ["data"]);
      assert.deepEqual(setup.operations(), ["listBuckets"]);
    });

    it("are listed again if they are not, and returned as they are then", async () => {
      const found = await setup.cluster.bucketsByName((buckets) => buckets.has("other"));
      assert.deepEqual([...found.keys()], ["data"]);
      assert.deepEqual(setup.operations(), ["listBuckets", "listBuckets"]);
    });

    it("are unknown if the service answers 404", async () => {
      setup.emulator.failNext({ kind: "status", status: 404, operation: "listBuckets" });
      await assert.rejects(
        setup.cluster.bucketsByName(() => true),
        /404/,
      );
    });
  });

  describe("of a service whose reads are stale", () => {
    const setup = useEmulator({ assumptions: { lagMs: 30 } });

    it("contain what was created shortly before the run", async () => {
      setup.emulator.cluster.createUser(address);
      setup.emulator.cluster.createBucket("data", address);
      const found = await setup.open().bucketsByName((buckets) => buckets.has("data"));
      assert(found.has("data"));
    });
  });
});
