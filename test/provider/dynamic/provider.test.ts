import assert from "node:assert/strict";
import { dynamicProvider } from "../../../provider/dynamic/provider";
import { createRun, type Run } from "../../../provider/run/run";
import { unwatched } from "../../../provider/run/engineWatch";
import type { Bag } from "../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../provider/resources/user/user";
import { failureOf, fromState, revealed, useEmulator, userOn } from "../harness";

const address = "ops@acme.example";
const __provider = 'exports.handler = () => require("pulumi-ostor/provider").user';

/** The arguments that the host passes to `configure`. */
function request(config: Record<string, unknown>) {
  const get = (key: string) => config[key] as string | undefined;
  return { config: { get } } as unknown as Parameters<
    ReturnType<typeof dynamicProvider>["configure"]
  >[0];
}

/** Ignores the settings of the machine that runs the tests. */
function useBareEnvironment() {
  const saved = { ...process.env };
  before(() => {
    for (const name of Object.keys(process.env)) {
      if (name.startsWith("OSTOR_")) Reflect.deleteProperty(process.env, name);
    }
  });
  after(() => {
    Object.assign(process.env, saved);
  });
}

describe("configure", () => {
  useBareEnvironment();

  it("stores its arguments at once, because the host does not wait for it", async () => {
    const run = createRun();
    const provider = dynamicProvider(userLifecycle, run);
    const pending = provider.configure(
      request({
        "ostor:endpoint": "https://s3.example.com",
        "ostor:accessKeyId": "AK",
        "ostor:secretAccessKey": "SK",
      }),
    );
    assert.equal(run.settings().settings?.endpoint, "https://s3.example.com");
    await pending;
  });

  it("never fails, whatever the settings are", async () => {
    const provider = dynamicProvider(userLifecycle, createRun());
    await provider.configure(request({}));
    await provider.configure(request({ "ostor:endpoint": "nonsense", "ostor:maxRetries": {} }));
  });

  it("brings new settings into use", async () => {
    const run = createRun();
    const provider = dynamicProvider(userLifecycle, run);
    await provider.configure(request({ "ostor:endpoint": "nonsense" }));
    assert.equal(run.settings().problems?.length, 3);
    const good = { endpoint: "http://a", accessKeyId: "A", secretAccessKey: "S" };
    const config = Object.entries(good).map(([name, value]) => [`ostor:${name}`, value]);
    await provider.configure(request(Object.fromEntries(config) as Record<string, unknown>));
    assert.equal(run.cluster().settings.endpoint, "http://a");
    await run.cluster().close();
  });
});

describe("the cluster of a run", () => {
  const config = {
    "ostor:endpoint": "http://a",
    "ostor:accessKeyId": "A",
    "ostor:secretAccessKey": "S",
  };

  it("is kept when each kind of resource is configured, because it knows what the run adopted", async () => {
    const run = createRun();
    const provider = dynamicProvider(userLifecycle, run);
    await provider.configure(request(config));
    const cluster = run.cluster();
    await provider.configure(request({ ...config }));
    assert.equal(run.cluster(), cluster);
    await provider.configure(request({ ...config, "ostor:endpoint": "http://b" }));
    assert.notEqual(run.cluster(), cluster);
    assert.equal(run.cluster().settings.endpoint, "http://b");
    await Promise.all([cluster.close(), run.cluster().close()]);
  });

  it("does not exist while settings are missing, and the error names them", async () => {
    const run = createRun();
    await dynamicProvider(userLifecycle, run).configure(request({ "ostor:explicit": "true" }));
    assert.throws(
      () => run.cluster(),
      /^CodedError: ostor\.Provider: endpoint is not set; give it in/,
    );
  });
});

describe("check of the dynamic provider", () => {
  useBareEnvironment();

  it("reports invalid settings without a property", async () => {
    const provider = dynamicProvider(userLifecycle, createRun());
    await provider.configure(request({ "ostor:secretAccessKey": "SENTINEL with a space" }));
    const { failures = [] } = await provider.check({}, { emailAddress: "nobody" });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["", "", "", ""],
    );
    assert.match(
      failures[0]?.reason ?? "",
      /pulumi config set ostor:endpoint .* \[invalid-setting\]$/,
    );
    assert.match(failures[3]?.reason ?? "", /^emailAddress must be .* \[invalid-property\]$/);
    assert(!JSON.stringify(failures).includes("SENTINEL"));
  });

  it("passes while the settings are unknown at preview", async () => {
    const marker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const provider = dynamicProvider(userLifecycle, createRun());
    await provider.configure(request({ "ostor:endpoint": marker }));
    const { failures, ...rest } = await provider.check({}, { emailAddress: address });
    assert.deepEqual(failures, []);
    const inputs = rest.inputs as Bag;
    const olds = { ...inputs, emailAddress: "old@acme.example" };
    const difference = await provider.diff(address, olds, inputs);
    assert.equal(difference.changes, true);
    assert.equal(
      (await failureOf(provider.create(inputs))).message,
      "the settings of ostor are not known yet",
    );
  });
});

describe("the dynamic provider", () => {
  const setup = useEmulator();
  const provider = () => {
    const run: Run = {
      engine: () => unwatched,
      configure: () => undefined,
      settings: () => ({ settings: setup.cluster.settings }),
      cluster: () => setup.cluster,
    };
    return dynamicProvider(userLifecycle, run);
  };
  const checked = async (more: Bag = {}) => {
    const news = { emailAddress: address, __provider, ...more };
    const result = await provider().check({}, news);
    return { ...(result.inputs as Bag), __provider };
  };

  it("creates, updates and deletes a user, and hides __provider from the lifecycle", async () => {
    const inputs = await checked();
    const { id, ...created } = await provider().create(inputs);
    const outs = created.outs as Bag;
    assert.equal(id, address);
    assert.equal("__provider" in outs, false);
    const state = { ...fromState(outs), __provider };
    assert.deepEqual(await provider().diff(id, state, inputs), { changes: false });
    const read = await provider().read(id, state);
    assert.equal(read.id, id);
    const news = { ...inputs, state: "disabled" };
    const updated = await provider().update(id, state, news);
    assert.equal((updated.outs as Bag)["state"], "disabled");
    setup.cluster = setup.open();
    await provider().delete(id, { ...state, ...(updated.outs as Bag) });
    assert.deepEqual(setup.emulator.cluster.users(), []);
    setup.cluster = setup.open();
    assert.deepEqual(await provider().read(id, state), {});
  });

  it("throws one line without a stack trace", async () => {
    setup.emulator.cluster.createUser(address);
    const inputs = await checked();
    const error = await failureOf(provider().create(inputs));
    assert.equal(error.stack, "");
    assert.equal(String(error), error.message);
    assert(!error.message.includes("\n"));
    assert.equal("id" in error, false);
  });

  it("adds the fix to a failure", async () => {
    setup.emulator.failNext({ operation: "getUser", kind: "status", status: 403, times: 2 });
    const error = await failureOf(provider().read(address, {}));
    assert.match(error.message, /pulumi config set ostor:accessKeyId/);
  });

  it("keeps __provider in a partially created user, in create and in update", async () => {
    setup.emulator.failNext({ operation: "disableUser", kind: "status", status: 405, times: 1 });
    const inputs = await checked({ state: "disabled", createAccessKey: true });
    const error = (await failureOf(provider().create(inputs))) as Error & Record<string, unknown>;
    assert.equal(error.stack, "");
    assert.equal(error["id"], address);
    assert.deepEqual(error["reasons"], [`${error.message} [service-refused]`]);
    const properties = error["properties"] as Bag;
    assert.equal(properties["__provider"], __provider);
    assert.equal(
      revealed(properties["secretAccessKey"]),
      userOn(setup.emulator, address).accessKeys[0]?.secretAccessKey,
    );

    setup.emulator.cluster.setUserState(address, "disabled");
    setup.emulator.failNext({ operation: "revokeKey", kind: "status", status: 503, times: 9 });
    const news = await checked({ state: "enabled" });
    const state = { ...fromState(properties), state: "disabled", __provider };
    const again = (await failureOf(provider().update(address, state, news))) as typeof error;
    assert.equal((again["properties"] as Bag)["__provider"], __provider);
    assert.equal((again["properties"] as Bag)["state"], "enabled");
  });

  it("throws no secret, except where it is marked", async () => {
    setup.emulator.failNext({ operation: "disableUser", kind: "status", status: 405 });
    const inputs = await checked({ state: "disabled", createAccessKey: true });
    const error = await failureOf(provider().create(inputs));
    const secret = userOn(setup.emulator, address).accessKeys[0]?.secretAccessKey ?? "";
    assert(!error.message.includes(secret));
    const { properties } = error as unknown as { properties: Bag };
    const { secretAccessKey, ...plain } = properties;
    assert.equal(revealed(secretAccessKey), secret);
    assert(!JSON.stringify(plain).includes(secret));
  });
});
