import assert from "node:assert/strict";
import { requireSuccess, useCluster } from "../harness";

const declaredSeparately = `
  const user = new ostor.User("acme", { emailAddress: "ops@acme.example" });
  const app = new ostor.AccessKey("acme-app", { user });
  new ostor.AccessKey("acme-backup", { user });`;

const byComponent = (more = "") => `
  const acme = new ostor.Tenant("acme", {
    emailAddress: "ops@acme.example", keys: ["app", "backup"], ${more}
  });
  exports.id = acme.keys.app.accessKeyId;
  exports.userId = acme.userId;`;

describe("a Tenant on the engine", () => {
  const used = useCluster();
  const writes = () =>
    used.emulator.requests
      .map(({ operation }) => operation)
      .filter((operation) => !/^(get|list)/.test(operation));

  it("moves the user and the keys that were declared separately, without a write request", async () => {
    used.stack.program(declaredSeparately);
    requireSuccess(await used.stack.up());
    const before = used.emulator.cluster.user("ops@acme.example");
    used.emulator.clearRequests();
    used.stack.program(byComponent());
    assert.match((await used.stack.up()).output, /it already exists/);
    used.stack.program(`${declaredSeparately}${byComponent('movedFrom: "stack"')}`);
    assert.match((await used.stack.up()).output, /Tenant acme has an alias for User acme/);
    assert.deepEqual(writes(), []);
    used.stack.program(byComponent('movedFrom: "stack"'));
    requireSuccess(await used.stack.up());
    assert.deepEqual(writes(), []);
    assert.deepEqual(used.emulator.cluster.user("ops@acme.example"), before);
    assert.equal((await used.stack.outputs())["userId"], before?.userId);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
    // As in a stack of an earlier release, whose Tenant moved them implicitly.
    used.stack.program(byComponent());
    requireSuccess(await used.stack.preview("--expect-no-changes"));
  });

  it("is renamed by an alias, also after an up without it, without a write request", async () => {
    const renamed = byComponent().replace('Tenant("acme"', 'Tenant("initech"');
    const before = used.emulator.cluster.user("ops@acme.example");
    used.emulator.clearRequests();
    used.stack.program(renamed);
    assert.match((await used.stack.up()).output, /it already exists.*use aliases/);
    used.stack.program(renamed.replace("});", '}, { aliases: [{ name: "acme" }] });'));
    requireSuccess(await used.stack.up());
    assert.deepEqual(writes(), []);
    assert.deepEqual(used.emulator.cluster.user("ops@acme.example"), before);
    used.stack.program(byComponent().replace("});", '}, { aliases: [{ name: "initech" }] });'));
    requireSuccess(await used.stack.up());
    assert.deepEqual(writes(), []);
  });

  it("is suspended by its state, and deleted as a whole", async () => {
    used.stack.program(byComponent(`state: "disabled"`));
    requireSuccess(await used.stack.up());
    assert.equal(used.emulator.cluster.user("ops@acme.example")?.state, "disabled");
    used.stack.program("");
    requireSuccess(await used.stack.up());
    assert.deepEqual(used.emulator.cluster.user("ops@acme.example"), undefined);
  });

  it("leaves user and keys on the cluster when it is retained", async () => {
    used.stack.program(byComponent().replace("});", "}, { retainOnDelete: true });"));
    requireSuccess(await used.stack.up());
    const before = used.emulator.cluster.user("ops@acme.example");
    assert.equal(before?.accessKeys.length, 2);
    used.stack.program("");
    requireSuccess(await used.stack.up());
    assert.deepEqual(used.emulator.cluster.user("ops@acme.example"), before);
  });
});
