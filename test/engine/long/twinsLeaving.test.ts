import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireSuccess, useCluster, type StoredResource } from "../harness";

const address = "ops@acme.example";
// The keys name the user by its address. With a User object as dependency, the engine would order the resources.
const program = (suffix: string) => `
  new ostor.User("acme${suffix}", { emailAddress: "${address}" });
  new ostor.AccessKey("key${suffix}", { user: "${address}" });`;

describe("two resources in state for one user and one key", () => {
  const used = useCluster();

  it("delete neither the user nor the key when one resource of each leaves the program", async () => {
    used.stack.program(program(""));
    // The first run may create the key before its user, and then fails.
    await used.stack.up();
    requireSuccess(await used.stack.up());
    const before = used.emulator.cluster.user(address);
    const { output } = requireSuccess(
      await used.stack.pulumi(["stack", "export", "--show-secrets"]),
    );
    const exported = JSON.parse(output) as { deployment: { resources: StoredResource[] } };
    const { resources } = exported.deployment;
    const ours = resources.filter(({ type }) => type.includes("/ostor:"));
    resources.push(...ours.map((each) => ({ ...each, urn: `${each.urn}-twin` })));
    const file = join(used.stack.directory, "twins.json");
    writeFileSync(file, JSON.stringify(exported));
    requireSuccess(await used.stack.pulumi(["stack", "import", "--file", file]));

    used.stack.program(program("-twin"));
    const printed = requireSuccess(await used.stack.up("--refresh")).output;
    assert.match(printed, /user ops@acme\.example is not deleted: a resource of this program/);
    assert.match(printed, /key \w+ of user ops@acme\.example is not revoked: a resource of this/);
    assert.deepEqual(used.emulator.cluster.user(address), before);
  });
});
