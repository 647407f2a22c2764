import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { requireSuccess, settingsOf, useCluster, type Stack } from "../harness";
import { usePlugin, writes } from "../pluginStack";
import { rotatedKeys, settledKeys, settledProgram, settledValues } from "../settledStack";
import {
  emulated,
  expectedUsers,
  fixtures,
  idsOf,
  importStored,
  renew,
  usersOf,
} from "../storedStack";
import { finishedKeys, unfinishedKeys, unfinishedProgram } from "../unfinishedStack";

const stored = (kind: string) =>
  readdirSync(fixtures).filter((name) => name.startsWith("states-") && name.includes(`-${kind}.`));

/** The same program on the plugin. */
const onPlugin = (program: string) => `ostor.usePlugin();\n${program}`;

/** What the state of a stack contains of the dynamic provider. */
async function leftOfDynamic(stack: Stack): Promise<string[]> {
  const resources = await stack.resources();
  const types = resources.map(({ type }) => type).filter((type) => type.includes("nodejs"));
  const texts = resources.filter(({ inputs, outputs }) =>
    [inputs, outputs].some((values) => values && "__provider" in values),
  );
  return [...types, ...texts.map(({ urn }) => urn)];
}

describe("every kind of resource", () => {
  const used = useCluster();
  usePlugin(used);
  const program = (adopt = "") => {
    const settings = JSON.stringify(
      Object.fromEntries(
        Object.entries(settingsOf(used.emulator)).map(([name, value]) => [name.slice(6), value]),
      ),
    );
    return `
      const eu = new ostor.Provider("eu", { ...${settings}, maxRetries: 2 });
      class Team extends pulumi.ComponentResource {
        constructor(name, opts) {
          super("test:index:Team", name, {}, opts);
          this.user = new ostor.User(name, { emailAddress: name + "@acme.example", createAccessKey: true }, { parent: this });
        }
      }
      const user = new ostor.User("user", { emailAddress: "ops@acme.example", state: "disabled", deleteEmptyBuckets: true });
      const key = new ostor.AccessKey("key", { user, keepers: { a: "b" } });
      new ostor.AccessKey("child", { user }, { parent: user });
      const rotating = new ostor.RotatingAccessKey("rotating", { user: new Team("team", {}).user.emailAddress.apply(() => "outside@acme.example"), generation: 1 });
      new ostor.Bucket("bucket", { name: "data", owner: "owner@acme.example" });
      const tenant = new ostor.Tenant("tenant", { emailAddress: "tenant@acme.example", rotation: { generation: 2 } });
      const inEu = new ostor.Tenant("in-eu", { emailAddress: "eu@acme.example", keys: ["app"] }, { providers: [eu] });
      const adopted = new ostor.User("adopted", { emailAddress: "adopted@acme.example", ${adopt} }, { provider: eu });
      ostor.User.get("read", "owner@acme.example");
      exports.found = ostor.getUserOutput({ emailAddress: adopted.emailAddress }, { provider: eu }).userId;
      exports.keys = pulumi.secret([key.secretAccessKey, rotating.current, tenant.rotating.current, inEu.keys.app.secretAccessKey]);`;
  };
  const config = { "engine:secretOfAnother": "another package's secret" };
  let adopt = "";

  it("moves to the plugin without a change, and takes the settings of other packages out of the state", async () => {
    const { cluster } = used.emulator;
    const adopted = cluster.createUser("adopted@acme.example");
    cluster.revokeKey(adopted.accessKeys[0]?.accessKeyId ?? "");
    for (const name of ["owner", "outside"]) {
      const { accessKeys } = cluster.createUser(`${name}@acme.example`);
      for (const { accessKeyId } of accessKeys) cluster.revokeKey(accessKeyId);
    }
    cluster.createBucket("data", "owner@acme.example");
    adopt = `adopt: "${adopted.userId}"`;
    await used.stack.config(config);
    used.stack.program(program(adopt));
    requireSuccess(await used.stack.up());
    const secret = "another package's secret";
    const stores = async () =>
      (await used.stack.pulumi(["stack", "export", "--show-secrets"])).output.includes(secret);
    assert.ok(await stores());
    const before = [await used.stack.outputs(), usersOf(cluster)];
    writes(used.emulator);

    used.stack.program(onPlugin(program(adopt)));
    // The explicit provider is another resource now; no request belongs to that.
    const preview = requireSuccess(await used.stack.preview());
    assert.match(preview.output, /\+ 1 to create\n\s+- 1 to delete\n\s+2 changes\. 15 unchanged\n/);
    const moved = requireSuccess(await used.stack.up());
    assert.match(moved.output, /\+ 1 created\n\s+- 1 deleted\n\s+2 changes\. 15 unchanged\n/);
    assert.deepEqual(writes(used.emulator), []);
    assert.deepEqual([await used.stack.outputs(), usersOf(cluster)], before);
    assert.ok(!(await stores()));
  });

  it("has nothing of the dynamic provider in its state after the next refresh", async () => {
    requireSuccess(await used.stack.refresh("--expect-no-changes"));
    assert.deepEqual(await leftOfDynamic(used.stack), []);
    requireSuccess(await used.stack.up("--refresh", "--expect-no-changes"));
    assert.deepEqual(writes(used.emulator), []);
  });

  it("refuses a new adopt line and names import, which adopts", async () => {
    const { cluster } = used.emulator;
    const { userId, accessKeys } = cluster.createUser("late@acme.example");
    for (const { accessKeyId } of accessKeys) cluster.revokeKey(accessKeyId);
    const late = (args: string, opts: string) =>
      onPlugin(`${program(adopt)}
        new ostor.User("late", { emailAddress: "late@acme.example", ${args} }, { ${opts} });`);
    used.stack.program(late(`adopt: "${userId}"`, ""));
    const refused = await used.stack.preview();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /use the import option or pulumi import \[adopt-by-import\]/);
    used.stack.program(late("", `import: "late@acme.example"`));
    requireSuccess(await used.stack.up());
    assert.deepEqual(writes(used.emulator), []);
    assert.equal((await used.stack.resource("late"))?.outputs?.["userId"], userId);
  });

  it("is destroyed", async () => {
    requireSuccess(await used.stack.destroy());
    const left = used.emulator.cluster.users().map(({ emailAddress }) => emailAddress);
    assert.deepEqual(left.sort(), ["outside@acme.example", "owner@acme.example"]);
  });
});

describe("movedFrom of a Tenant, in the same step", () => {
  const used = useCluster();
  usePlugin(used);

  it("moves a user and its key of the dynamic provider", async () => {
    used.stack.program(`
      const user = new ostor.User("acme", { emailAddress: "ops@acme.example" });
      new ostor.AccessKey("acme-app", { user });`);
    requireSuccess(await used.stack.up());
    writes(used.emulator);
    used.stack.program(
      onPlugin(`
      new ostor.Tenant("acme", { emailAddress: "ops@acme.example", keys: ["app"], movedFrom: "stack" });`),
    );
    requireSuccess(await used.stack.up());
    assert.deepEqual(writes(used.emulator), []);
  });
});

describe("a stack on the plugin, of whose earlier state there is a copy", () => {
  const used = useCluster();
  usePlugin(used);
  const program = (suspended: boolean) => `
    const user = new ostor.User("acme", { emailAddress: "ops@acme.example", state: "${suspended ? "disabled" : "enabled"}" });
    new ostor.AccessKey("key", { user });`;

  it("is refused without a change if the program only removes the call", async () => {
    used.stack.program(program(false));
    requireSuccess(await used.stack.up());
    requireSuccess(await used.stack.pulumi(["stack", "export", "--file", "before.json"]));
    used.stack.program(onPlugin(program(true)));
    requireSuccess(await used.stack.up());
    writes(used.emulator);
    used.stack.program(program(true));
    const refused = await used.stack.up();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /\[user-exists\]/);
    assert.deepEqual(writes(used.emulator), []);
  });

  it("goes back with that copy, which a refresh brings up to date", async () => {
    requireSuccess(await used.stack.pulumi(["stack", "import", "--file", "before.json"]));
    requireSuccess(await used.stack.refresh());
    requireSuccess(await used.stack.preview("--expect-no-changes"));
    requireSuccess(await used.stack.destroy());
    assert.deepEqual(used.emulator.cluster.users(), []);
  });
});

for (const name of stored("settled")) {
  describe(`${name}, on the plugin`, () => {
    const used = useCluster(emulated);
    usePlugin(used);
    const restore = () => importStored(used.stack, name, used.emulator.endpoint);
    const declare = (values = settledValues) => {
      used.stack.program(onPlugin(settledProgram(used.emulator, values)));
    };

    it("is moved and refreshed without a change", async () => {
      await renew(used, settledKeys);
      declare();
      await restore();
      const moved = requireSuccess(await used.stack.up());
      assert.match(moved.output, /\+ 1 created\n\s+- 1 deleted\n\s+2 changes\. 21 unchanged\n/);
      requireSuccess(await used.stack.up("--refresh", "--expect-no-changes"));
      assert.deepEqual(writes(used.emulator), []);
      assert.deepEqual(usersOf(used.emulator.cluster), expectedUsers(settledKeys));
      assert.deepEqual(await leftOfDynamic(used.stack), []);
    });

    it("is moved, changed and rotated in one step", async () => {
      await renew(used, settledKeys);
      declare({ step: 3, every: "30d", state: "disabled", keepers: "3" });
      await restore();
      requireSuccess(await used.stack.up());
      assert.deepEqual(usersOf(used.emulator.cluster), expectedUsers(rotatedKeys));
    });
  });
}

for (const name of stored("unfinished")) {
  describe(`${name}, on the plugin`, () => {
    const used = useCluster(emulated);
    usePlugin(used);

    it("is completed by the next up", async () => {
      await renew(used, unfinishedKeys);
      used.stack.program(onPlugin(unfinishedProgram(4)));
      await importStored(used.stack, name, used.emulator.endpoint);
      const first = await used.stack.up("--continue-on-error");
      assert.notEqual(first.code, 0);
      const { cluster } = used.emulator;
      assert.deepEqual(usersOf(cluster), expectedUsers(finishedKeys));
      assert.equal(cluster.user("disabling@acme.example")?.state, "disabled");
      assert.equal(
        cluster.user("created@acme.example")?.userId,
        idsOf("created@acme.example").userId,
      );
      const unfinished = (await used.stack.resources()).filter(({ initErrors }) => initErrors);
      assert.deepEqual(unfinished, []);
    });
  });
}
