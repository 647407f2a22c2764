import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "../harness";

const tenants = 30;
const program = `
for (let i = 0; i < ${tenants}; i += 1) {
  const tenant = new ostor.User("t" + i, { emailAddress: "tenant-" + i + "@acme.example" });
  new ostor.AccessKey("k" + i, { user: tenant });
}`;

for (const listKeys of [false, true]) {
  describe(`requests of a run, ${listKeys ? "where lists include keys" : "where lists include no keys"}`, () => {
    const used = useCluster({ assumptions: { listKeys } });
    const limit = listKeys ? 5 : tenants + 5;
    const counted = async (...words: string[]) => {
      used.emulator.clearRequests();
      requireSuccess(await used.stack.pulumi(words));
      const requests = used.emulator.requests.map(({ operation, path }) => `${operation} ${path}`);
      const reads = requests.filter((each) => each.startsWith("getUser "));
      return { requests, twice: reads.length - new Set(reads).size };
    };

    it("of an up: one list and at most five for each tenant", async () => {
      used.stack.program(program);
      const { requests } = await counted("up", "--yes", "--skip-preview");
      assert.equal(requests.filter((each) => each.startsWith("listUsers")).length, 1);
      assert(requests.length <= 5 * tenants + 1, `${requests.length} requests`);
    });

    for (const words of [
      ["refresh", "--yes", "--skip-preview", "--expect-no-changes"],
      ["preview", "--refresh", "--expect-no-changes"],
    ]) {
      it(`of pulumi ${words[0]}: at most ${limit}, and no user is read twice`, async () => {
        const { requests, twice } = await counted(...words);
        assert(requests.length <= limit, `${requests.length} requests`);
        assert.equal(twice, 0);
      });
    }

    if (!listKeys) {
      it("of an up without changes: none", async () => {
        const { requests } = await counted("up", "--yes", "--skip-preview", "--expect-no-changes");
        assert.deepEqual(requests, []);
      });
    }
  });
}
