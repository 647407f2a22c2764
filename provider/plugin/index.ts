import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { commandOf } from "./command";
import { printToEngine } from "./log";
import { createServer } from "./server";

/** As large as the engine's own limit: a stack's configuration may be long. */
const maxMessageBytes = 400 * 1024 * 1024;

/** Starts the plugin. The engine reads its port from the first line of the output. */
function serve(engineAddress: string | undefined): void {
  if (engineAddress !== undefined) printToEngine(engineAddress);
  const server = new Server({ "grpc.max_receive_message_length": maxMessageBytes });
  server.addService(ResourceProviderService, createServer());
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    // As a text: on a terminal, numbers are printed in colours.
    console.log(String(port));
  });
}

const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
const command = commandOf(process.argv.slice(2), isTerminal);
if (command.serve) serve(command.engineAddress);
else {
  (command.exitCode === 0 ? console.log : console.error)(command.text);
  process.exitCode = command.exitCode;
}
