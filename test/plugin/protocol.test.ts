import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { PluginAttach, type PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { version } from "../../package.json";
import { bagOf, structOf, unknownMarkers } from "../../provider/plugin/wire";
import type { Bag } from "../../provider/resources/lifecycle";
import { isSecret, secret } from "../../provider/resources/secret";
import {
  configureRequest,
  failure,
  resourceCalls,
  settingsOf,
  startPlugin,
  urnOf,
  usePlugin,
  type Plugin,
} from "./plugin";

const canary = "canary-7f3d9b";
const providerUrn = (name: string, project = "shop") =>
  `urn:pulumi:dev::${project}::pulumi:providers:ostor::${name}`;

async function checkConfig(plugin: Plugin, name: string, news: Bag, project?: string) {
  const request = new pb.CheckRequest();
  request.setUrn(providerUrn(name, project));
  request.setNews(structOf(news));
  const answer = await plugin.call<pb.CheckResponse>("checkConfig", request);
  const reasons = answer.getFailuresList().map((each) => each.getReason());
  assert(answer.getFailuresList().every((each) => each.getProperty() === ""));
  return { reasons, inputs: bagOf(answer.getInputs()) };
}

describe("the plugin as a process", () => {
  const plugin = usePlugin();

  it("accepts secrets, and names its version", async () => {
    const request = new pb.ProviderHandshakeRequest();
    request.setEngineAddress(plugin.engineAddress);
    const shaken = await plugin.call<pb.ProviderHandshakeResponse>("handshake", request);
    assert.equal(shaken.getAcceptSecrets(), true);
    const info = await plugin.call<PluginInfo>("getPluginInfo", new Empty());
    assert.equal(info.getVersion(), version);
  });

  it("has a schema of its version", async () => {
    const answer = await plugin.call<pb.GetSchemaResponse>("getSchema", new pb.GetSchemaRequest());
    const schema = JSON.parse(answer.getSchema()) as { name: string; version: string };
    assert.deepEqual([schema.name, schema.version], ["ostor", version]);
  });

  it("previews and accepts secrets for engines without a handshake", async () => {
    const request = configureRequest(settingsOf(plugin.emulator));
    const answer = await plugin.call<pb.ConfigureResponse>("configure", request);
    assert.deepEqual([answer.getSupportspreview(), answer.getAcceptsecrets()], [true, true]);
  });

  it("continues after Cancel, which ends every run", async () => {
    await plugin.call("cancel", new Empty());
    const { id } = await plugin.run.create(urnOf("User"), { emailAddress: "a@b.example" });
    assert.equal(id, "a@b.example");
  });

  it("does not have the methods of components and mappings", async () => {
    const requests = {
      construct: new pb.ConstructRequest(),
      call: new pb.CallRequest(),
      parameterize: new pb.ParameterizeRequest(),
      getMapping: new pb.GetMappingRequest(),
    };
    for (const [name, request] of Object.entries(requests)) {
      const error = await failure(plugin.call(name as "construct", request));
      assert.equal(error.code, status.UNIMPLEMENTED, name);
    }
  });

  it("prints to an engine that attaches later", async () => {
    const other = await startPlugin();
    try {
      const request = new PluginAttach();
      request.setAddress(plugin.engineAddress);
      await other.call("attach", request);
      await other.call("configure", configureRequest(settingsOf(other.emulator)));
      const bucket = { name: "inventory", ownerId: "0123456789abcdef" };
      await resourceCalls(other).delete(urnOf("Bucket"), "inventory", bucket);
      assert.equal(other.logged.length, 0);
      assert.match(plugin.logged[0]?.line ?? "", /bucket-kept/);
    } finally {
      await other.stop();
    }
  });
});

const stray = { OSTOR_ACCESS_KEY_ID: "from-environment", OSTOR_MAX_RETRIE: "1" };

describe("the settings of the plugin", () => {
  const plugin = usePlugin(stray);

  it("names each that is missing, and the command", async () => {
    const { reasons } = await checkConfig(plugin, "default_0_1_0", { version: "0.1.0" });
    assert.equal(reasons.length, 2);
    assert.match(reasons[0] ?? "", /pulumi config set ostor:endpoint .* \[invalid-setting\]$/);
    assert.match(reasons[1] ?? "", /pulumi config set --secret ostor:secretAccessKey /);
  });

  it("ignores the environment for an explicit provider only", async () => {
    const given = { endpoint: "https://s3.example.com", secretAccessKey: "x" };
    for (const name of ["default", "default_0_1_0"]) {
      assert.deepEqual((await checkConfig(plugin, name, given)).reasons, [], name);
    }
    const { reasons } = await checkConfig(plugin, "eu", given);
    assert.match(reasons.join(), /^ostor.Provider: accessKeyId is not set/);
  });

  it("uses the environment under `pulumi do`, which names no provider", async () => {
    const request = new pb.CheckRequest();
    request.setNews(structOf({ endpoint: "https://s3.example.com", secretAccessKey: "x" }));
    const answer = await plugin.call<pb.CheckResponse>("checkConfig", request);
    assert.equal(answer.getFailuresList().length, 0);
  });

  it("never prints a secret", async () => {
    const given = { endpoint: `https://${canary}@s3.example.com`, secretAccessKey: `${canary} x` };
    const { reasons, inputs } = await checkConfig(plugin, "default", { ...given, caPem: canary });
    assert.equal(reasons.length, 3);
    assert(!reasons.join().includes(canary));
    assert(isSecret(inputs["secretAccessKey"]) && isSecret(inputs["caPem"]));
  });

  it("accepts what only the run knows", async () => {
    for (const marker of unknownMarkers) {
      const { reasons, inputs } = await checkConfig(plugin, "eu", { endpoint: marker });
      assert.deepEqual(reasons, []);
      assert.equal(inputs["endpoint"], unknownMarkers[0]);
    }
  });

  it("refuses names that are no settings, and warns where they may be the program's own", async () => {
    const given = { ...settingsOf(plugin.emulator), maxRetrys: "1", colour: "red" };
    const { reasons } = await checkConfig(plugin, "default", given);
    assert.match(reasons.join(), /maxRetrys .* did you mean ostor:maxRetries\? .*unknown-setting/);
    assert.equal(reasons.length, 1);
    const warned = plugin.logged.map(({ line }) => line).join("\n");
    assert.match(warned, /ostor:colour is not a setting/);
    assert.match(warned, /OSTOR_MAX_RETRIE/);
    assert.equal(plugin.logged[0]?.urn, providerUrn("default"));
    assert.deepEqual((await checkConfig(plugin, "default", given, "ostor")).reasons, []);
    assert.equal((await checkConfig(plugin, "eu", given)).reasons.length, 2);
  });

  it("updates a provider whose settings changed, and replaces nothing", async () => {
    const request = new pb.DiffRequest();
    request.setUrn(providerUrn("eu"));
    const olds = { endpoint: "https://a.example", maxRetries: "2", secretAccessKey: "x" };
    request.setOldInputs(structOf(olds));
    request.setOlds(structOf(olds));
    request.setNews(structOf({ ...olds, maxRetries: "3", secretAccessKey: secret("x") }));
    const answer = await plugin.call<pb.DiffResponse>("diffConfig", request);
    assert.deepEqual(answer.getDiffsList(), ["maxRetries"]);
    assert.deepEqual(answer.getReplacesList(), []);
  });
});

describe("the settings of a plugin that was just started", () => {
  let plugin: Plugin;
  beforeEach(async () => {
    plugin = await startPlugin(stray);
  });
  afterEach(() => plugin.stop());

  it("are missing before Configure, and the plugin goes on", async () => {
    const create = () =>
      resourceCalls(plugin).create(urnOf("User"), { emailAddress: "a@b.example" });
    assert.match((await failure(create())).details, /endpoint is not set.*\[invalid-setting\]$/);
    await plugin.call("configure", configureRequest(settingsOf(plugin.emulator)));
    assert.equal((await create()).id, "a@b.example");
  });

  it("that are unknown keep a preview from no new resource, and an update from all", async () => {
    await plugin.call("configure", configureRequest({ endpoint: unknownMarkers[0] }, "eu"));
    const calls = resourceCalls(plugin);
    const given = { emailAddress: "a@b.example", createAccessKey: false };
    assert.equal(
      (await calls.create(urnOf("User"), given, true)).state["emailAddress"],
      "a@b.example",
    );
    assert.match(
      (await failure(calls.create(urnOf("User"), given))).details,
      /\[settings-unknown\]$/,
    );
  });

  it("are reported as missing where nothing was checked before", async () => {
    await plugin.call("configure", configureRequest({}, "eu"));
    const create = resourceCalls(plugin).create(urnOf("User"), { emailAddress: "a@b.example" });
    assert.match((await failure(create)).details, /endpoint is not set.*\[invalid-setting\]$/);
  });
});

describe("functions of the plugin", () => {
  const plugin = usePlugin();
  const invoke = async (name: string, args: Bag, isPreview = false) => {
    const request = new pb.InvokeRequest();
    request.setTok(`ostor:index:${name}`);
    request.setArgs(structOf(args));
    request.setPreview(isPreview);
    return bagOf((await plugin.call<pb.InvokeResponse>("invoke", request)).getReturn());
  };

  it("return users and buckets", async () => {
    const { cluster } = plugin.emulator;
    const { userId, accessKeys } = cluster.createUser("a@b.example");
    cluster.createBucket("inventory", "a@b.example");
    const user = await invoke("getUser", { emailAddress: "a@b.example" });
    assert.deepEqual(
      [user["userId"], user["accessKeyIds"]],
      [userId, accessKeys.map(({ accessKeyId }) => accessKeyId)],
    );
    assert.equal((await invoke("getUser", { userId }))["emailAddress"], "a@b.example");
    const { users } = (await invoke("getUsers", {})) as { users: Bag[] };
    assert(users.some((each) => each["userId"] === userId));
    assert.equal((await invoke("getBucket", { name: "inventory" }))["ownerId"], userId);
    const { buckets } = (await invoke("getBuckets", { user: "a@b.example" })) as {
      buckets: Bag[];
    };
    assert.deepEqual(
      buckets.map((each) => each["name"]),
      ["inventory"],
    );
  });

  it("refuse unknown arguments and unknown functions", async () => {
    const unknown = await failure(invoke("getBucket", { name: "a", owner: "b" }));
    assert.match(unknown.details, /owner: unknown argument; known are name \[wrong-arguments\]/);
    const notText = await failure(invoke("getBucket", { name: 1 }));
    assert.match(notText.details, /name must be a text \[wrong-arguments\]/);
    assert.match((await failure(invoke("getNothing", {}))).details, /\[unknown-type\]/);
  });

  it("name the fix of a failure once", async () => {
    await plugin.emulator.stop();
    const { details } = await failure(invoke("getUser", { emailAddress: "a@b.example" }));
    assert.match(details, /\[network-unreachable\]$/);
    assert.equal(details.split("pulumi config set ostor:endpoint").length, 2, details);
  });

  it("name the fix in a preview: the object may be created by the same program", async () => {
    const now = await failure(invoke("getBucket", { name: "none" }));
    assert.match(now.details, /\[bucket-not-found\]/);
    assert.doesNotMatch(now.details, /only afterwards/);
    const preview = await failure(invoke("getBucket", { name: "none" }, true));
    assert.match(preview.details, /known only afterwards, such as its id \[bucket-not-found\]/);
  });
});
