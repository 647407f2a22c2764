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
      // State in a folder of its own: no account, and nothing of yours.
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

  it("makes the tenants, though an answer is lost", async () => {
    emulator.failNext({ kind: "resetAfter", operation: "createUser" });
    await stack.up();
    const made = emulator.cluster
      .users()
      .map(({ emailAddress, state, accessKeys }) => [emailAddress, state, accessKeys.length]);
    assert.deepEqual(made.sort(), [
      ["ops@acme.example", "enabled", 1],
      ["ops@initech.example", "disabled", 1],
    ]);
  });

  it("sees that somebody let in who hasn't paid, and repairs it", async () => {
    emulator.cluster.setUserState("ops@initech.example", "enabled");
    await assert.rejects(stack.preview({ refresh: true, expectNoChanges: true }));
    await stack.up({ refresh: true });
    assert.equal(emulator.cluster.user("ops@initech.example")?.state, "disabled");
  });

  it("leaves nothing", async () => {
    await stack.destroy();
    assert.deepEqual(emulator.cluster.users(), []);
  });
});
