import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { engineEnvironment, requireSuccess, run, useCluster } from "../harness";

const command = resolve(__dirname, "../../../dist/cli/index.js");
const secret = "a-wrong-secret-of-a-test";

describe("failures of pulumi-ostor orphans on the engine", () => {
  const used = useCluster();

  /** Asserts that the command fails in one line without a secret, and changes nothing. */
  const fails = async (
    reason: RegExp,
    words: string[] = [],
    change: NodeJS.ProcessEnv = {},
    folder = join(used.stack.directory, "project"),
  ) => {
    const environment = { ...(await engineEnvironment(used.stack.directory)), ...change };
    used.emulator.clearRequests();
    const ended = await run(process.execPath, [command, "orphans", ...words], folder, environment);
    assert.match(ended.output, reason);
    assert.match(ended.output, /^pulumi-ostor: [^\n]+\n$/);
    for (const hidden of [secret, used.emulator.credentials.secretAccessKey]) {
      assert.ok(!ended.output.includes(hidden));
    }
    assert.equal(ended.code, 1);
    assert.ok(used.emulator.requests.every(({ method }) => method === "GET"));
  };

  it("report that nobody is logged in", () =>
    fails(/PULUMI_ACCESS_TOKEN must be set for login/, [], { PULUMI_BACKEND_URL: undefined }));

  it("report that the passphrase is wrong, or missing", async () => {
    await fails(/read the configuration of stack dev: incorrect passphrase/, [], {
      PULUMI_CONFIG_PASSPHRASE: "another passphrase",
    });
    await fails(/passphrase must be set with PULUMI_CONFIG_PASSPHRASE/, [], {
      PULUMI_CONFIG_PASSPHRASE: undefined,
    });
  });

  it("report which stack is not found", () =>
    fails(/stack nope: no stack named 'nope' found/, ["--stack", "dev", "--stack", "nope"]));

  it("report that the folder does not exist, or contains no project", async () => {
    await fails(/--cwd \/no\/such: the folder does not exist \[folder-not-found\]/, [
      "--cwd",
      "/no/such",
    ]);
    await fails(/no Pulumi\.yaml project file found/, ["--cwd", used.stack.directory]);
  });

  it("report that the secret key is wrong", async () => {
    await used.stack.config({ "ostor:secretAccessKey": secret });
    await fails(/the service answered 403.*pulumi config set --secret ostor:secretAccessKey/);
  });

  it("report that no endpoint is set", async () => {
    requireSuccess(await used.stack.pulumi(["config", "rm", "ostor:endpoint"]));
    await fails(/ostor:endpoint is not set; run: pulumi config set ostor:endpoint/);
  });

  it("report which stack has incomplete settings when none is selected, and that the project has no stack", async () => {
    requireSuccess(await used.stack.pulumi(["stack", "unselect"]));
    await fails(/stack dev: ostor:endpoint is not set/);
    requireSuccess(await used.stack.pulumi(["stack", "rm", "dev", "--yes", "--force"]));
    await fails(/list the stacks of the project: the project has no stack \[no-stacks\]/);
  });
});
