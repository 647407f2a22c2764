import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, Server, ServerCredentials, type ServiceError } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

export const executable = join(__dirname, "../../dist/plugin/pulumi-resource-ostor");

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

/** A started plugin, with the engine that it prints to. */
export interface Started {
  process: ChildProcess;
  client: ResourceProviderClient;
  engineAddress: string;
  logged: Logged[];
  call: <T>(name: keyof ResourceProviderClient, request: unknown) => Promise<T>;
  stop(): Promise<void>;
}

/** Starts the bundle as the engine does. @param isPiped - see `StartOptions` */
export async function startProcess(environment: NodeJS.ProcessEnv, isPiped = false) {
  const { engine, engineAddress, logged } = await startEngine();
  const words = [process.execPath, executable, "-v=3", engineAddress];
  const [file = "", ...args] = isPiped ? ["sh", "-c", 'cat | "$0" "$@"', ...words] : words;
  const child = spawn(file, args, {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [port] = (await once(createInterface(child.stdout), "line")) as [string];
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const started: Started = {
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
    },
  };
  return started;
}

/** Starts the engine's server for what a plugin prints. */
async function startEngine() {
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
  return { engine, engineAddress: `127.0.0.1:${enginePort}`, logged };
}
