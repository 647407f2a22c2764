import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../../../package.json";
import type { Cluster } from "../../../emulator";
import { requireSuccess, useCluster } from "../harness";
import { emulated, fixtures, importStored, portable } from "../storedStack";
import { usePlugin, writes } from "../pluginStack";

const releases = readdirSync(fixtures).filter((name) => /^stack-.*\.json$/.test(name));

/** A stack that uses everything that a release can store. Do not change it: it created the fixtures. */
const program = (state = "enabled") => `
  const acme = new ostor.User("acme", { emailAddress: "ops@acme.example", state: "${state}" });
  new ostor.AccessKey("acme-key", { user: acme, keepers: { rotated: "2026-11" } });
  new ostor.User("globex", { emailAddress: "ops+s3@globex.example", createAccessKey: true, deleteEmptyBuckets: true });
  const other = { dependsOn: acme };
  new ostor.AccessKey("other-key", { user: "outside@storage.example", replaceOrder: "delete-first" }, other);
  new ostor.User("initech", { emailAddress: "ops@initech.example", state: "disabled" });
  new ostor.Bucket("inventory", { name: "inventory", owner: "outside@storage.example" });`;

/** Creates what is on the cluster before the stack. */
function outside(cluster: Cluster): void {
  cluster.createUser("outside@storage.example");
  cluster.createBucket("inventory", "outside@storage.example");
}

/** Creates what the stack created. Ids and secrets come from the emulator's seed, in the order of creation. */
function replay(cluster: Cluster): void {
  for (const emailAddress of ["ops@acme.example", "ops+s3@globex.example", "ops@initech.example"]) {
    const [key] = cluster.createUser(emailAddress).accessKeys;
    if (!emailAddress.includes("globex")) cluster.revokeKey(key?.accessKeyId ?? "");
  }
  cluster.generateKey("ops@acme.example");
  cluster.generateKey("outside@storage.example");
  cluster.setUserState("ops@initech.example", "disabled");
}

describe("the stack of this release", () => {
  const used = useCluster(emulated);

  it("is stored as a fixture", async () => {
    outside(used.emulator.cluster);
    used.stack.program(program());
    requireSuccess(await used.stack.up());
    const { output } = requireSuccess(await used.stack.pulumi(["stack", "export"]));
    const file = join(fixtures, `stack-${version}.json`);
    if (!existsSync(file)) writeFileSync(file, portable(output, used.emulator.endpoint));
    const urns = (text: string) =>
      [...text.matchAll(/"urn": "([^"]+)"/g)].map(([, urn]) => urn).sort();
    assert.deepEqual(urns(readFileSync(file, "utf8")), urns(output));
  });
});

for (const release of releases) {
  describe(`${release}, with today's code`, () => {
    const used = useCluster(emulated);
    usePlugin(used);
    const restore = () => importStored(used.stack, release, used.emulator.endpoint);

    it("refreshes and previews without a diff", async () => {
      outside(used.emulator.cluster);
      replay(used.emulator.cluster);
      used.stack.program(program());
      await restore();
      requireSuccess(await used.stack.refresh("--expect-no-changes"));
      await restore();
      requireSuccess(await used.stack.preview("--diff", "--refresh", "--expect-no-changes"));
      requireSuccess(await used.stack.up("--expect-no-changes"));
    });

    it("moves to the plugin without a change", async () => {
      used.stack.program(`ostor.usePlugin();${program()}`);
      await restore();
      used.emulator.clearRequests();
      requireSuccess(await used.stack.up("--expect-no-changes"));
      requireSuccess(await used.stack.up("--refresh", "--expect-no-changes"));
      assert.deepEqual(writes(used.emulator), []);
      const stored = JSON.stringify(await used.stack.resources());
      assert.doesNotMatch(stored, /__provider|pulumi:providers:pulumi-nodejs/);
      await restore();
    });

    it("updates", async () => {
      used.stack.program(program("disabled"));
      requireSuccess(await used.stack.up());
      assert.equal(used.emulator.cluster.user("ops@acme.example")?.state, "disabled");
    });

    it("is destroyed from the state alone", async () => {
      await restore();
      requireSuccess(await used.stack.destroy());
      const left = used.emulator.cluster.users();
      assert.deepEqual(
        left.map(({ emailAddress, accessKeys }) => [emailAddress, accessKeys.length]),
        [["outside@storage.example", 1]],
      );
      assert.equal(used.emulator.cluster.buckets().length, 1);
    });
  });
}
