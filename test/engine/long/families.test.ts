import assert from "node:assert/strict";
import { appendFileSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { requireSuccess, useCluster, type Stack } from "../harness";
import { reportsOf } from "../stateReports";

const plugin = resolve(__dirname, "../../../dist/plugin");

const program = `
for (const name of ["dynamic-off", "dynamic-fine", "dynamic-gone"]) {
  const user = new ostor.User(name, { emailAddress: name + "@x.example" });
  new ostor.AccessKey(name + "-key", { user });
}
class Plugin extends pulumi.CustomResource {
  constructor(type, name, args, outputs = {}) {
    super("ostor:index:" + type, name, { ...outputs, ...args });
  }
}
for (const name of ["plugin-off", "plugin-fine", "plugin-gone", "plugin-key", "plugin-again"]) {
  const user = new Plugin("User", name, { emailAddress: name + "@x.example" }, { userId: undefined });
  new Plugin("AccessKey", name + "-key", { user: user.emailAddress, userId: user.userId });
}
const rotated = new Plugin("User", "plugin-rotated", { emailAddress: "plugin-rotated@x.example" }, { userId: undefined });
new Plugin("RotatingAccessKey", "plugin-rotated-keys",
  { user: rotated.emailAddress, userId: rotated.userId, generation: 1 });`;

function usePlugin({ directory }: Stack): void {
  const settings = `plugins:\n  providers:\n    - name: ostor\n      path: ${plugin}\n`;
  appendFileSync(join(directory, "project", "Pulumi.yaml"), settings);
}

describe("pulumi-ostor on a stack with dynamic resources and resources of the plugin", function () {
  this.timeout(300_000);
  const used = useCluster();

  before(async () => {
    usePlugin(used.stack);
    used.stack.program(program);
    requireSuccess(await used.stack.up());
  });

  it("lists no orphan", async () => {
    const { code, output } = await used.stack.command(["orphans"]);
    assert.match(output, /^No orphans: 9 users of /);
    assert.equal(code, 0);
  });

  it("reports the drift of both, as the event log of a refresh does", async () => {
    const { stack, emulator } = used;
    const { cluster } = emulator;
    const same = await reportsOf(stack);
    assert.deepEqual([same.fast.code, same.rows.fast, same.rows.logged], [0, [], []]);
    for (const family of ["dynamic", "plugin"]) {
      cluster.setUserState(`${family}-off@x.example`, "disabled");
      cluster.deleteUser(`${family}-gone@x.example`);
    }
    cluster.deleteUser("plugin-again@x.example");
    cluster.createUser("plugin-again@x.example");
    for (const name of ["plugin-key-key", "plugin-rotated-keys"]) {
      const { outputs } = (await stack.resource(name)) ?? {};
      cluster.revokeKey(String(outputs?.["accessKeyId"]));
    }
    const { fast, rows } = await reportsOf(stack);
    assert.equal(fast.code, 7, fast.output);
    assert.equal(rows.fast.length, 10, fast.output);
    assert.deepEqual(rows.fast, rows.logged);
  });

  it("imports into another stack what export wrote for the plugin", async () => {
    const { stack } = used;
    requireSuccess(await stack.pulumi(["stack", "init", "two", "--copy-config-from", "dev"]));
    const words = ["export", "--format", "import-plugin", "--stack", "two"];
    requireSuccess(await stack.command(words));
    const file = join(stack.directory, "project", "tenants", "import.json");
    const { resources } = JSON.parse(readFileSync(file, "utf8")) as { resources: object[] };
    // The engine of the tests is built without the code generator.
    const flags = ["--generate-code=false", "--yes"];
    requireSuccess(await stack.pulumi(["import", "--file", file, ...flags]));
    const stored = await stack.resources();
    const imported = stored.filter(({ type }) => type.startsWith("ostor:index:"));
    assert.equal(imported.length, resources.length);
    const { code, output } = await stack.command(["drift", "--stack", "two"]);
    assert.equal(code, 0, output);
  });
});
