import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "../harness";

const declared = (args: string) =>
  `new ostor.User("acme", { emailAddress: "ops@acme.example", ${args} });`;

describe("adopting a User on the engine", () => {
  // Releases 2.x do not report that a user is suspended.
  const used = useCluster({ assumptions: { statesShown: true } });
  let userId = "";

  it("is refused without adopt, names the line to add, and changes nothing", async () => {
    const user = used.emulator.cluster.createUser("ops@acme.example");
    userId = user.userId;
    used.stack.program(declared(""));
    const refused = await used.stack.up();
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      new RegExp(
        `already exists \\(userId ${userId}, enabled, keys ${user.accessKeys[0]?.accessKeyId ?? ""}, buckets: none\\).*adopt: "${userId}"`,
      ),
    );
    assert.deepEqual(used.emulator.cluster.user("ops@acme.example"), user);
    assert.equal(await used.stack.resource("acme"), undefined);
  });

  it("is refused with another id", async () => {
    used.stack.program(declared(`adopt: "0123456789abcdef"`));
    const refused = await used.stack.up();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /adopt names another user, 0123456789abcdef/);
  });

  it("adopts a suspended user without enabling it, and reports the difference", async () => {
    used.emulator.cluster.setUserState("ops@acme.example", "disabled");
    used.emulator.clearRequests();
    used.stack.program(declared(`adopt: "${userId}"`));
    requireSuccess(await used.stack.up());
    assert.deepEqual(
      used.emulator.requests.map(({ operation }) => operation),
      ["getUser"],
    );
    assert.equal(used.emulator.cluster.user("ops@acme.example")?.state, "disabled");
    const preview = await used.stack.preview("--refresh", "--diff", "--expect-no-changes");
    assert.equal(preview.code, 7, preview.output);
    assert.match(preview.output, /~ state\s*: "disabled" => "enabled"/);
    requireSuccess(await used.stack.up());
    assert.equal(used.emulator.cluster.user("ops@acme.example")?.state, "enabled");
    assert.equal(used.emulator.cluster.user("ops@acme.example")?.accessKeys.length, 1);
  });

  it("leaves no diff, whether adopt stays in the program or is removed", async () => {
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
    requireSuccess(await used.stack.refresh("--expect-no-changes"));
    used.stack.program(declared(""));
    requireSuccess(await used.stack.up("--expect-no-changes"));
  });

  it("creates the user when the one to adopt does not exist any more", async () => {
    requireSuccess(await used.stack.destroy());
    assert.equal(used.emulator.cluster.user("ops@acme.example"), undefined);
    used.stack.program(declared(`adopt: "${userId}"`));
    requireSuccess(await used.stack.up());
    const created = used.emulator.cluster.user("ops@acme.example");
    assert.ok(created && created.userId !== userId);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });
});
