import assert from "node:assert/strict";
import { profiles, type Profile } from "../../../emulator";
import { requireSuccess, useCluster } from "../harness";

const program = (state: string) => `
const acme = new ostor.User("acme", { emailAddress: "ops@acme.example", state: "${state}" });
const key = new ostor.AccessKey("acme-key", { user: acme });
const globex = new ostor.User("globex", { emailAddress: "it@globex.example", createAccessKey: true });
exports.accessKeyId = key.accessKeyId;
exports.secretAccessKey = key.secretAccessKey;
exports.known = ostor.getUsersOutput({ dependsOn: [key, globex] }).users.length;
`;

/** All other tests run on `seed`. */
const others = (Object.keys(profiles) as Profile[]).filter((name) => name !== "seed");

for (const name of others) {
  describe(`the generation ${name} on the engine`, () => {
    const used = useCluster({ profile: name });
    const keysOf = (emailAddress: string) =>
      used.emulator.cluster.user(emailAddress)?.accessKeys ?? [];

    it("creates tenants and keys, and reports no changes afterwards", async () => {
      used.stack.program(program("enabled"));
      requireSuccess(await used.stack.up());
      const { accessKeyId, secretAccessKey, known } = await used.stack.outputs();
      assert.deepEqual(keysOf("ops@acme.example"), [{ accessKeyId, secretAccessKey }]);
      assert.equal(keysOf("it@globex.example").length, 1);
      // The system user is listed too.
      assert.equal(known, 3);
      requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
    });

    it("suspends a tenant in place, and keeps its key", async () => {
      used.stack.program(program("disabled"));
      requireSuccess(await used.stack.up());
      assert.equal(used.emulator.cluster.user("ops@acme.example")?.state, "disabled");
      assert.equal(keysOf("ops@acme.example").length, 1);
      requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
    });

    it("reports a key that was revoked outside, and generates a new one", async () => {
      const [key] = keysOf("ops@acme.example");
      used.emulator.cluster.revokeKey(key?.accessKeyId ?? "");
      const preview = await used.stack.preview("--refresh", "--expect-no-changes");
      assert.equal(preview.code, 7, preview.output);
      requireSuccess(await used.stack.up("--refresh"));
      const { accessKeyId } = await used.stack.outputs();
      assert.deepEqual(
        keysOf("ops@acme.example").map((each) => each.accessKeyId),
        [accessKeyId],
      );
    });

    it("is empty again after destroy", async () => {
      requireSuccess(await used.stack.destroy());
      assert.deepEqual(used.emulator.cluster.users(), []);
    });
  });
}
