import assert from "node:assert/strict";
import { createEmulator } from "../../../emulator";
import { requireSuccess, useCluster } from "../harness";

describe("explicit providers on the engine", () => {
  const used = useCluster({ profile: "seed" });
  const other = createEmulator();
  before(async () => {
    await other.start();
  });
  after(() => other.stop());

  const provider = (name: string, { endpoint, credentials }: typeof other) =>
    `const ${name} = new ostor.Provider("${name}", ${JSON.stringify({ endpoint, ...credentials, timeoutSeconds: 20 })});`;
  const program = () => `
    ${provider("eu", used.emulator)}
    ${provider("us", other)}
    const inEu = new ostor.User("in-eu", { emailAddress: "ops@acme.example" }, { provider: eu });
    const inUs = new ostor.User("in-us", { emailAddress: "ops@acme.example", state: "disabled" }, { provider: us });
    new ostor.AccessKey("eu-key", { user: inEu }, { provider: eu });
    exports.eu = ostor.getUsersOutput({ provider: eu, dependsOn: inEu }).users;
    exports.us = ostor.getUsersOutput({ provider: us, dependsOn: inUs }).users;`;

  it("manage two clusters in one stack, each with its own users", async () => {
    used.stack.program(program());
    requireSuccess(await used.stack.preview());
    const { output } = requireSuccess(await used.stack.up("-v=8", "--logtostderr"));
    assert.ok(!output.includes(other.credentials.secretAccessKey));
    assert.equal(used.emulator.cluster.user("ops@acme.example")?.state, "enabled");
    assert.equal(other.cluster.user("ops@acme.example")?.state, "disabled");
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
    const outputs = (await used.stack.outputs()) as Record<"eu" | "us", { userId: string }[]>;
    const ids = (users: { userId: string }[]) => users.map(({ userId }) => userId);
    assert.ok(
      ids(outputs.eu).includes(used.emulator.cluster.user("ops@acme.example")?.userId ?? ""),
    );
    assert.ok(ids(outputs.us).includes(other.cluster.user("ops@acme.example")?.userId ?? ""));
  });

  it("keep the rest of the stack's configuration out of state, and their secret encrypted", async () => {
    const providers = (await used.stack.resources()).filter(
      ({ type }) => type === "pulumi:providers:pulumi-nodejs",
    );
    assert.equal(providers.length, 2);
    const state = JSON.stringify(await used.stack.resources());
    for (const { credentials } of [used.emulator, other])
      assert.ok(!state.includes(credentials.secretAccessKey));
  });

  it("ignore environment variables", async () => {
    const stray = { OSTOR_ENDPOINT: "http://127.0.0.1:9", OSTOR_MAX_RETRIES: "none" };
    requireSuccess(
      await used.stack.pulumi(["up", "--yes", "--skip-preview", "--expect-no-changes"], stray),
    );
    requireSuccess(await used.stack.pulumi(["destroy", "--yes", "--skip-preview"], stray));
    assert.deepEqual([...used.emulator.cluster.users(), ...other.cluster.users()], []);
  });

  it("of another kind are refused in one line", async () => {
    used.stack.program(`
      class Foreign extends pulumi.ProviderResource { constructor() { super("pulumi-nodejs", "foreign", {}); } }
      new ostor.User("acme", { emailAddress: "ops@acme.example" }, { provider: new Foreign() });`);
    const refused = await used.stack.preview();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /User acme: the provider given to it is not an ostor\.Provider/);
    assert.doesNotMatch(refused.output, /^\s+at /m, "no stack trace");
  });

  it("apply to the resources of a component that gets one", async () => {
    used.stack.program(`
      ${provider("eu", used.emulator)}
      class Tenant extends pulumi.ComponentResource {
        constructor(name, opts) {
          super("test:index:Tenant", name, {}, opts);
          const user = new ostor.User(name, { emailAddress: "in@component.example" }, { parent: this });
          new ostor.AccessKey(name, { user }, { parent: this });
        }
      }
      new Tenant("component", { providers: [eu] });`);
    requireSuccess(await used.stack.up());
    assert.equal(used.emulator.cluster.user("in@component.example")?.accessKeys.length, 1);
    requireSuccess(await used.stack.destroy());
  });
});
