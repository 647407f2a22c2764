import assert from "node:assert/strict";
import { accessKeyLifecycle } from "../../../provider/resources/accessKey/accessKey";
import { userLifecycle } from "../../../provider/resources/user/user";
import { failureOf, openWith, useEmulator } from "../harness";

const address = "ops@acme.example";
const { inputs } = userLifecycle.check({ emailAddress: address });

describe("a run whose engine exits", () => {
  const setup = useEmulator();
  const isSent = (operation: string) => setup.operations().includes(operation);
  /** Opens a run whose engine exits once an operation is sent. */
  const openUntil = (operation: string) =>
    openWith(setup.cluster.settings, { isLost: () => isSent(operation) });

  it("deletes the user that it was creating", async () => {
    const { message } = await failureOf(userLifecycle.create(openUntil("createUser"), inputs));
    assert.match(message, /^create user ops@acme\.example: the run was interrupted/);
    assert.equal(setup.emulator.cluster.user(address), undefined);
  });

  it("deletes a user that it has created and not yet recorded", async () => {
    const { message } = await failureOf(userLifecycle.create(openUntil("revokeKey"), inputs));
    assert.match(message, /^create user ops@acme\.example: the run was interrupted/);
    assert.equal(setup.emulator.cluster.user(address), undefined);
  });

  it("revokes the key that it was generating", async () => {
    await userLifecycle.create(setup.cluster, inputs);
    const { inputs: ofKey } = accessKeyLifecycle.check({ user: address });
    const { message } = await failureOf(accessKeyLifecycle.create(openUntil("generateKey"), ofKey));
    assert.match(message, /^generate a key of user ops@acme\.example: the run was interrupted/);
    assert.deepEqual(setup.emulator.cluster.user(address)?.accessKeys, []);
  });

  it("creates nothing more", async () => {
    await failureOf(userLifecycle.create(openUntil("getUser"), inputs));
    assert.ok(!isSent("createUser"));
  });
});
