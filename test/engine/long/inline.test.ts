import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createEmulator } from "../../../emulator";
import { engineEnvironment, run, settingsOf } from "../harness";

const root = resolve(__dirname, "../../..");

/** Two stacks in one process, each with its own cluster; the environment of the process names a third one. */
const script = `
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const ostor = require("pulumi-ostor");
const [eu, us, byVariables] = JSON.parse(process.argv[2]);
const program = (provider, emailAddress) => async () => {
  const given = provider ? { provider: provider() } : {};
  const user = new ostor.User("acme", { emailAddress }, given);
  const { users } = ostor.getUsersOutput({ dependsOn: user, ...given });
  return { addresses: users.apply((all) => all.map(({ emailAddress }) => emailAddress)) };
};
async function up(stackName, settings, { explicit, envVars = {} } = {}) {
  const args = Object.fromEntries(Object.entries(settings).map(([key, value]) => [key.slice(6), value]));
  const provider = explicit && (() => new ostor.Provider("own", args));
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName, projectName: "inline-" + stackName, program: program(provider, "ops@" + stackName + ".example") }, { envVars });
  if (!explicit) {
    const values = Object.entries(settings).map(([key, value]) => [key, { value, secret: key.includes("secret") }]);
    await stack.setAllConfig(Object.fromEntries(values));
  }
  try {
    return (await stack.up()).outputs.addresses.value;
  } catch (error) {
    return /error: (getUsers: .*)/.exec(error.message)?.[1] ?? error.message;
  }
}
(async () => {
  const seen = await Promise.all([up("eu", eu), up("us", us, { explicit: true })]);
  // Not beside them: the SDK reports an error of one program in all that run in the process.
  seen.push(await up("none", {}, { envVars: byVariables }));
  console.log(JSON.stringify(seen));
})();
`;

describe("inline programs of the Automation API", () => {
  const clusters = ["eu", "us", "process"].map((name) => ({ name, emulator: createEmulator() }));
  const directory = mkdtempSync(join(tmpdir(), "pulumi-ostor-inline-"));
  before(() => Promise.all(clusters.map(({ emulator }) => emulator.start())));
  after(async () => {
    await Promise.all(clusters.map(({ emulator }) => emulator.stop()));
    rmSync(directory, { recursive: true, force: true });
  });

  it("read the cluster of their resources, or report which settings are missing", async () => {
    for (const { name, emulator } of clusters) emulator.cluster.createUser(`in-${name}@x.example`);
    const project = join(directory, "project");
    mkdirSync(project);
    mkdirSync(join(directory, "state"));
    symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
    writeFileSync(join(project, "run.js"), script);
    const [eu, us, ofProcess] = clusters.map(({ emulator }) => settingsOf(emulator));
    assert(eu && us && ofProcess);
    const variables = (settings: Record<string, string>) => ({
      OSTOR_ENDPOINT: settings["ostor:endpoint"] ?? "",
      OSTOR_ACCESS_KEY_ID: settings["ostor:accessKeyId"] ?? "",
      OSTOR_SECRET_ACCESS_KEY: settings["ostor:secretAccessKey"] ?? "",
    });
    const env = { ...(await engineEnvironment(directory)), ...variables(ofProcess) };
    const given = JSON.stringify([eu, us, variables(eu)]);
    const { output } = await run(process.execPath, ["run.js", given], project, env);
    const [inEu, inUs, refused] = JSON.parse(output.trim().split("\n").at(-1) ?? "") as [
      string[],
      string[],
      string,
    ];
    const existing = (seen: string[]) => seen.filter((each) => !each.startsWith("admin@")).sort();
    assert.deepEqual(existing(inEu), ["in-eu@x.example", "ops@eu.example"], output);
    assert.deepEqual(existing(inUs), ["in-us@x.example", "ops@us.example"], output);
    assert.match(refused, /ostor:secretAccessKey are not in the stack's configuration.*envVars/);
    assert.equal(clusters[2]?.emulator.requests.length, 0);
  });
});
