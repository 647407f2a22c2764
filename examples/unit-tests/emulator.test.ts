import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { createEmulator } from "pulumi-ostor/emulator";

describe("the program, on an emulated cluster", () => {
  const emulator = createEmulator();
  const folder = mkdtempSync(join(tmpdir(), "tenants-"));
  let stack: Stack;

  before(async () => {
    const endpoint = await emulator.start();
    const { accessKeyId, secretAccessKey } = emulator.credentials;
    const envVars = {
      OSTOR_ENDPOINT: endpoint,
      OSTOR_ACCESS_KEY_ID: accessKeyId,
      OSTOR_SECRET_ACCESS_KEY: secretAccessKey,
      // The state is in its own folder: no account and none of your stacks.
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
    };
    const place = { stackName: "test", workDir: __dirname };
    stack = await LocalWorkspace.createStack(place, { envVars });
  });
  after(async () => {
    await stack.workspace.removeStack("test", { force: true });
    await emulator.stop();
    rmSync(folder, { recursive: true });
  });

  it("creates the tenants although a response is lost", async () => {
    emulator.failNext({ kind: "resetAfter", operation: "createUser" });
    await stack.up();
    const created = emulator.cluster
      .users()
      .map(({ emailAddress, state, accessKeys }) => [emailAddress, state, accessKeys.length]);
    assert.deepEqual(created.sort(), [
      ["ops@acme.example", "enabled", 1],
      ["ops@initech.example", "disabled", 1],
    ]);
  });

  it("detects that someone enabled a tenant that has not paid, and repairs it", async () => {
    emulator.cluster.setUserState("ops@initech.example", "enabled");
    await assert.rejects(stack.preview({ refresh: true, expectNoChanges: true }));
    await stack.up({ refresh: true });
    assert.equal(emulator.cluster.user("ops@initech.example")?.state, "disabled");
  });

  it("deletes everything", async () => {
    await stack.destroy();
    assert.deepEqual(emulator.cluster.users(), []);
  });
});
