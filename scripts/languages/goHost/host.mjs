// @ts-check
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const require = createRequire(import.meta.url);
// The copy that the stubs use.
const ofPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
/** @type {typeof import("@grpc/grpc-js")} */
const grpc = ofPulumi("@grpc/grpc-js");
const services = require("@pulumi/pulumi/proto/language_grpc_pb");
const messages = require("@pulumi/pulumi/proto/language_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");

/** The engine's address is the last argument. */
const engine = process.argv.at(-1);

/**
 * Runs the program that the option `binary` of the runtime names, with the settings that the SDK for Go reads.
 * @param {import("@pulumi/pulumi/proto/language_pb.js").RunRequest} request
 * @param {(response: import("@pulumi/pulumi/proto/language_pb.js").RunResponse) => void} respond
 */
function run(request, respond) {
  const { binary } = request.getInfo()?.getOptions()?.toJavaScript() ?? {};
  const child = spawn(resolve(request.getPwd(), String(binary)), request.getArgsList(), {
    cwd: request.getPwd(),
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      PULUMI_ORGANIZATION: request.getOrganization(),
      PULUMI_PROJECT: request.getProject(),
      PULUMI_STACK: request.getStack(),
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      PULUMI_DRY_RUN: `${request.getDryrun()}`,
      PULUMI_PARALLEL: `${request.getParallel()}`,
      PULUMI_MONITOR: request.getMonitorAddress(),
      PULUMI_ENGINE: engine,
    },
  });
  const end = (/** @type {string} */ fault) => respond(new messages.RunResponse().setError(fault));
  child.once("error", ({ message }) => end(`cannot run the program: ${message}`));
  child.once("close", (code) => end(code === 0 ? "" : `the program ended with exit code ${code}`));
}

/** @typedef {{ request: any }} Call */
const server = new grpc.Server();
server.addService(services.LanguageRuntimeService, {
  getPluginInfo: (/** @type {Call} */ _, /** @type {Function} */ respond) =>
    respond(null, new PluginInfo().setVersion("1.0.0")),
  getRequiredPackages: (/** @type {Call} */ _, /** @type {Function} */ respond) =>
    respond(null, new messages.GetRequiredPackagesResponse()),
  run: (/** @type {Call} */ { request }, /** @type {Function} */ respond) =>
    run(request, (response) => respond(null, response)),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});
