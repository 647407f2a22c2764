import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Cluster } from "../../emulator";
import { unattended, useExample } from "./useExample";

const root = resolve(__dirname, "../..");

/** Creates what is on the cluster before the program: a user of no stack, with the bucket that the program reads. */
function seed(cluster: Cluster): void {
  cluster.createUser("warehouse@storage.example");
  cluster.createBucket("inventory", "warehouse@storage.example");
  cluster.putObject("inventory", "parts.csv", "bolt,7");
  cluster.putObject("inventory", "tools.csv", "saw,1");
}

// The root runs the same program.
const folders = process.env["PULUMI_OSTOR_TEST_ALL"]
  ? [".", "examples/quickstart"]
  : ["examples/quickstart"];

for (const folder of folders) {
  describe(`the program of ${folder}`, () => {
    const used = useExample(folder, seed);
    const { user, users, buckets } = {
      user: (name: string) => used.emulator.cluster.user(`${name}@storage.example`),
      users: () => used.emulator.cluster.users().map(({ emailAddress }) => emailAddress),
      buckets: () => used.emulator.cluster.buckets().map(({ name }) => name),
    };

    it("creates three tenants, one of them disabled, one with two access keys", async () => {
      await used.pulumi("up", ...unattended);
      assert.equal(users().length, 4);
      const states = ["acme", "globex", "initech"].map((name) => user(name)?.state);
      assert.deepEqual(states, ["enabled", "enabled", "disabled"]);
      const counts = ["acme", "globex", "initech"].map((name) => user(name)?.accessKeys.length);
      assert.deepEqual(counts, [2, 0, 0]);
    });

    // The root runs the same program, so creating and destroying it is enough.
    if (folder !== ".") {
      it("exports the keys, secrets as secrets, and the data of the bucket", async () => {
        const keys = user("acme")?.accessKeys ?? [];
        const outputs = await used.outputs();
        const secrets = outputs["secretAccessKeys"] as string[];
        assert.deepEqual(
          [...secrets].sort(),
          keys.map(({ secretAccessKey }) => secretAccessKey).sort(),
        );
        assert.equal(outputs["inventoryOwnerId"], user("warehouse")?.userId);
        assert.ok(Number(outputs["inventoryBytes"]) > 0);
        const state = JSON.stringify(await used.resources());
        for (const { secretAccessKey } of keys) assert.ok(!state.includes(secretAccessKey));
      });

      it("reports no changes when run again", async () => {
        await used.pulumi("up", ...unattended, "--refresh", "--expect-no-changes");
      });

      it("reports a tenant disabled and a key revoked outside, and fixes both", async () => {
        used.emulator.cluster.setUserState("globex@storage.example", "disabled");
        used.emulator.cluster.revokeKey(user("acme")?.accessKeys[0]?.accessKeyId ?? "");
        const preview = used.pulumi("preview", "--refresh", "--diff", "--expect-no-changes");
        await assert.rejects(preview, (error: Error) => {
          assert.match(error.message, /ended with 7/);
          assert.match(error.message, /~ state\s*: "disabled" => "enabled"/);
          assert.match(error.message, /\+ pulumi-nodejs:dynamic\/ostor:AccessKey: \(create\)/);
          return true;
        });
        await used.pulumi("up", ...unattended, "--refresh");
        assert.deepEqual([user("globex")?.state, user("acme")?.accessKeys.length], ["enabled", 2]);
      });
    }

    it("leaves only what existed before, after destroy", async () => {
      await used.pulumi("destroy", ...unattended);
      assert.deepEqual(users(), ["warehouse@storage.example"]);
      assert.deepEqual(buckets(), ["inventory"]);
      assert.deepEqual(await used.resources(), []);
    });
  });
}

describe("the root program", () => {
  it("is the quickstart, under the same project name", () => {
    const name = (folder: string) =>
      /^name: (.*)$/m.exec(readFileSync(join(root, folder, "Pulumi.yaml"), "utf8"))?.[1];
    assert.equal(name("."), name("examples/quickstart"));
  });
});
