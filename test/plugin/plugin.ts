import assert from "node:assert/strict";
import type { ServiceError } from "@grpc/grpc-js";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator";
import { bagOf, structOf } from "../../provider/plugin/wire";
import type { Bag } from "../../provider/resources/lifecycle";
import { startProcess, type Started } from "./process";

/** A started plugin, and the cluster that it manages. */
export interface Plugin extends Started {
  emulator: Emulator;
}

/** How a test starts the plugin. */
interface StartOptions {
  emulator?: EmulatorOptions;
  /** By a shell, which connects standard input by a pipe, as the engine does. Signals do not reach the plugin then. */
  isPiped?: boolean;
}

/** Starts the bundle as the engine does, and an emulator. */
export async function startPlugin(
  environment: NodeJS.ProcessEnv = {},
  { emulator: options = {}, isPiped = false }: StartOptions = {},
): Promise<Plugin> {
  const emulator = await startEmulator(options);
  const started = await startProcess(environment, isPiped);
  const stop = async () => {
    await started.stop();
    await emulator.stop();
  };
  return { ...started, emulator, stop };
}

async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const emulator = createEmulator({ seed: 1, ...options });
  await emulator.start();
  return emulator;
}

type Configured = Plugin & { run: ReturnType<typeof resourceCalls> };

/** How many tests had a plugin. */
let tests = 0;

/**
 * Gives the tests of a `describe` one plugin. What its process remembers belongs to a cluster, a URN or an id, so each test
 * is configured for its own emulator, with its own ids, and `urnOf` returns URNs of its own stack.
 */
export function usePlugin(environment: NodeJS.ProcessEnv = {}): Configured {
  const setup = {} as Configured;
  before(async () => {
    const started = await startProcess(environment);
    Object.assign(setup, started, { run: resourceCalls(started) });
  });
  beforeEach(async () => {
    tests += 1;
    setup.logged.length = 0;
    setup.emulator = await startEmulator({ seed: tests });
    await setup.call("configure", configureRequest(settingsOf(setup.emulator)));
  });
  afterEach(() => setup.emulator.stop());
  after(() => setup.stop());
  return setup;
}

/** Gives each test of a `describe` a plugin that is configured for its emulator: a test of the process, or one that ends it. */
export function useOwnPlugin(): Configured {
  const setup = {} as Configured;
  beforeEach(async () => {
    const plugin = await startPlugin();
    Object.assign(setup, plugin, { run: resourceCalls(plugin) });
    await plugin.call("configure", configureRequest(settingsOf(plugin.emulator)));
  });
  afterEach(() => setup.stop());
  return setup;
}

/** Settings that reach an emulator. */
export function settingsOf(emulator: Emulator): Bag {
  return { endpoint: emulator.endpoint, ...emulator.credentials, maxRetries: "0" };
}

export function configureRequest(inputs: Bag, name = "default"): pb.ConfigureRequest {
  const request = new pb.ConfigureRequest();
  request.setName(name);
  request.setArgs(structOf(inputs));
  return request;
}

/** The URN of a resource of the test's stack; only within a test. */
export function urnOf(type: string, name = "it"): string {
  return `urn:pulumi:test${tests}::shop::ostor:index:${type}::${name}`;
}

/** The calls of the engine for resources, with plain properties. */
export function resourceCalls({ call }: Pick<Plugin, "call">) {
  const set = (request: { setUrn(urn: string): unknown }, urn: string) => request.setUrn(urn);
  return {
    async check(urn: string, news: Bag, olds: Bag = {}) {
      const request = new pb.CheckRequest();
      set(request, urn);
      request.setNews(structOf(news));
      request.setOlds(structOf(olds));
      const answer = await call<pb.CheckResponse>("check", request);
      const reasons = answer.getFailuresList().map((each) => each.getReason());
      return { inputs: bagOf(answer.getInputs()), reasons };
    },
    diff(urn: string, id: string, news: Bag, olds: Bag, oldInputs: Bag = {}) {
      const request = new pb.DiffRequest();
      set(request, urn);
      request.setId(id);
      request.setNews(structOf(news));
      request.setOlds(structOf(olds));
      request.setOldInputs(structOf(oldInputs));
      return call<pb.DiffResponse>("diff", request);
    },
    async create(urn: string, inputs: Bag, isPreview = false) {
      const request = new pb.CreateRequest();
      set(request, urn);
      request.setProperties(structOf(inputs));
      request.setPreview(isPreview);
      const answer = await call<pb.CreateResponse>("create", request);
      return { id: answer.getId(), state: bagOf(answer.getProperties()) };
    },
    async read(urn: string, id: string, state: Bag = {}, inputs: Bag = {}) {
      const request = new pb.ReadRequest();
      set(request, urn);
      request.setId(id);
      request.setProperties(structOf(state));
      request.setInputs(structOf(inputs));
      const answer = await call<pb.ReadResponse>("read", request);
      return {
        id: answer.getId(),
        state: answer.getProperties()?.toJavaScript(),
        inputs: answer.getInputs()?.toJavaScript(),
      };
    },
    async update(urn: string, id: string, olds: Bag, news: Bag, isPreview = false) {
      const request = new pb.UpdateRequest();
      set(request, urn);
      request.setId(id);
      request.setOlds(structOf(olds));
      request.setNews(structOf(news));
      request.setPreview(isPreview);
      const answer = await call<pb.UpdateResponse>("update", request);
      return bagOf(answer.getProperties());
    },
    delete(urn: string, id: string, state: Bag) {
      const request = new pb.DeleteRequest();
      set(request, urn);
      request.setId(id);
      request.setProperties(structOf(state));
      return call<Empty>("delete", request);
    },
  };
}

/** The failure of a call. */
export async function failure(answer: Promise<unknown>): Promise<ServiceError> {
  return answer.then(
    () => assert.fail("did not fail"),
    (error: unknown) => error as ServiceError,
  );
}
