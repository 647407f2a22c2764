import { AsyncLocalStorage } from "node:async_hooks";
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { printWith } from "../text/print";

/** A call of the engine: its resource, and the lines that are on their way. */
interface Call {
  urn: string;
  sent: Promise<void>[];
}

const calls = new AsyncLocalStorage<Call>();

/** Prints through the engine from now on, under the resource of the current call. */
export function printToEngine(address: string): void {
  const client = new EngineClient(address, credentials.createInsecure());
  printWith((severity, line) => {
    const call = calls.getStore();
    const request = new LogRequest();
    request.setSeverity(severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
    request.setMessage(line);
    request.setUrn(call?.urn ?? "");
    const sent = new Promise<void>((resolve) => {
      client.log(request, (error) => {
        if (error) console.error(line);
        resolve();
      });
    });
    call?.sent.push(sent);
  });
}

/** Runs a call of the engine. What it prints arrives before its answer. */
export function duringCall<T>(urn: string, work: () => Promise<T>): Promise<T> {
  const call: Call = { urn, sent: [] };
  return calls.run(call, async () => {
    try {
      return await work();
    } finally {
      await Promise.all(call.sent);
    }
  });
}
