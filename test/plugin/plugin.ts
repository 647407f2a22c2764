import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, Server, ServerCredentials, type ServiceError } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator";
import { bagOf, structOf } from "../../provider/plugin/wire";
import type { Bag } from "../../provider/resources/lifecycle";

/** A line that arrived at the engine. */
export interface Logged {
  severity: number;
  line: string;
  urn: string;
}

/** A call without its types: each request belongs to its method. */
type AnyCall = (
  request: unknown,
  callback: (error: ServiceError | null, response: never) => void,
) => void;

/** A started plugin, with the engine that it prints to and the cluster that it manages. */
export interface Plugin {
  emulator: Emulator;
  process: ChildProcess;
  client: ResourceProviderClient;
  engineAddress: string;
  logged: Logged[];
  call: <T>(name: keyof ResourceProviderClient, request: unknown) => Promise<T>;
  stop(): Promise<void>;
}

export const executable = join(__dirname, "../../dist/plugin/pulumi-resource-ostor");

/** How a test starts the plugin. */
interface StartOptions {
  emulator?: EmulatorOptions;
  /** By a shell, which connects standard input by a pipe, as the engine does. Signals do not reach the plugin then. */
  isPiped?: boolean;
}

/** Starts the bundle as the engine does. */
export async function startPlugin(
  environment: NodeJS.ProcessEnv = {},
  { emulator: emulatorOptions = {}, isPiped = false }: StartOptions = {},
): Promise<Plugin> {
  const emulator = createEmulator({ seed: 1, ...emulatorOptions });
  await emulator.start();
  const logged: Logged[] = [];
  const engine = new Server();
  engine.addService(EngineService, {
    log(call: { request: LogRequest }, callback: (error: null, response: Empty) => void) {
      const { request } = call;
      logged.push({
        severity: request.getSeverity(),
        line: request.getMessage(),
        urn: request.getUrn(),
      });
      callback(null, new Empty());
    },
  });
  const enginePort = await new Promise<number>((resolve, reject) => {
    engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
  const engineAddress = `127.0.0.1:${enginePort}`;
  const words = [process.execPath, executable, "-v=3", engineAddress];
  const [file = "", ...args] = isPiped ? ["sh", "-c", 'cat | "$0" "$@"', ...words] : words;
  const child = spawn(file, args, {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [port] = (await once(createInterface(child.stdout), "line")) as [string];
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  return {
    emulator,
    process: child,
    client,
    engineAddress,
    logged,
    call: (name, request) =>
      new Promise((resolve, reject) => {
        (client[name] as AnyCall).call(client, request, (error, response) => {
          if (error) reject(error);
          else resolve(response);
        });
      }),
    async stop() {
      client.close();
      if (child.exitCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      engine.forceShutdown();
      await emulator.stop();
    },
  };
}

/** Gives each test of a `describe` a plugin that is configured for its emulator. */
export function usePlugin(): Plugin & { run: ReturnType<typeof resourceCalls> } {
  const setup = {} as Plugin & { run: ReturnType<typeof resourceCalls> };
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

/** The URN of a resource of the test's stack. */
export function urnOf(type: string, name = "it"): string {
  return `urn:pulumi:dev::shop::ostor:index:${type}::${name}`;
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
