import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { printToEngine } from "./log";
import { createServer } from "./server";

/** As large as the engine's own limit: a stack's configuration may be long. */
const maxMessageBytes = 400 * 1024 * 1024;

/** Starts the plugin. The engine reads its port from the first line of the output. */
function start(args: readonly string[]): void {
  // The last word is the engine's address; a debugger starts the plugin without one, and the engine attaches later.
  const address = args.filter((word) => !word.startsWith("-")).at(-1);
  if (address !== undefined) printToEngine(address);
  const server = new Server({ "grpc.max_receive_message_length": maxMessageBytes });
  server.addService(ResourceProviderService, createServer());
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    console.log(port);
  });
}

start(process.argv.slice(2));
