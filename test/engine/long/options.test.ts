import assert from "node:assert/strict";
import { createEmulator, type Emulator } from "../../../emulator";
import { requireSuccess, settingsOf, useCluster } from "../harness";

/** Two users stay on the cluster, for different reasons; each key is declared outside of any component. */
const staying = `
  class Kept extends pulumi.ComponentResource {
    constructor(name, opts) { super("test:index:Kept", name, {}, opts); }
  }
  const transforms = [({ name, props, opts }) =>
    name === "transform" ? { props, opts: { ...opts, retainOnDelete: true } } : undefined];
  const transformed = new Kept("transformed", { transforms });
  const parent = new Kept("kept", { retainOnDelete: true });
  const address = (name) => ({ emailAddress: name + "@acme.example" });
  const users = {
    transform: new ostor.User("transform", address("transform"), { parent: transformed }),
    component: new ostor.User("component", address("component"), { parent }),
    goes: new ostor.User("goes", address("goes")),
  };
  for (const [name, user] of Object.entries(users)) new ostor.AccessKey("key-" + name, { user });`;

describe("options on the engine", () => {
  const used = useCluster();
  let eu: Emulator;
  before(async () => {
    eu = createEmulator();
    await eu.start();
  });
  after(() => eu.stop());
  const keysOf = (name: string) =>
    used.emulator.cluster.user(`${name}@acme.example`)?.accessKeys.length;

  it("leave no key behind that is reported as deleted", async () => {
    used.stack.program(staying);
    requireSuccess(await used.stack.up());
    used.stack.program("");
    requireSuccess(await used.stack.up());
    assert.deepEqual(["transform", "component", "goes"].map(keysOf), [0, 0, undefined]);
  });

  it("refuse a transform that sets an option that dynamic providers ignore, and a second declaration", async () => {
    used.stack.program(`
      const transforms = [({ props, opts }) => ({ props, opts: { ...opts, import: "x" } })];
      new ostor.User("one", { emailAddress: "one@acme.example" }, { transforms });`);
    const { code, output } = await used.stack.up();
    assert.notEqual(code, 0);
    assert.match(output, /User one: option import is not supported/);
    used.stack.program(`
      const one = new ostor.User("one", { emailAddress: "one@acme.example" });
      const two = new ostor.User("two", { emailAddress: one.emailAddress.apply((text) => text) });
      new ostor.AccessKey("two", { user: two });`);
    const twice = await used.stack.up();
    assert.notEqual(twice.code, 0);
    assert.match(
      twice.output,
      /error: .*User two: User one of this program declares user one@acme/,
    );
  });

  it("use the provider of the User for its keys, buckets and get functions", async () => {
    const settings = Object.entries(settingsOf(eu)).map(([name, value]) => [
      name.replace("ostor:", ""),
      value,
    ]);
    eu.cluster.createUser("ops@eu.example");
    eu.cluster.createBucket("data", "ops@eu.example");
    const { userId } = eu.cluster.user("ops@eu.example") ?? {};
    used.stack.program(`
      const provider = new ostor.Provider("eu", ${JSON.stringify(Object.fromEntries(settings))});
      const user = new ostor.User("ops",
        { emailAddress: "ops@eu.example", adopt: ${JSON.stringify(userId)} }, { provider });
      new ostor.AccessKey("ops", { user });
      new ostor.Bucket("data", { name: "data", owner: user });
      exports.names = ostor.getBucketsOutput({ user }).buckets.apply((all) => all.map(({ name }) => name));
      exports.users = ostor.getUsersOutput({}, { provider, dependsOn: user }).users
        .apply((all) => all.map(({ emailAddress }) => emailAddress).includes("ops@eu.example"));`);
    requireSuccess(await used.stack.up());
    assert.deepEqual(await used.stack.outputs(), { names: ["data"], users: true });
  });
});
