import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo, type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { watchEngine } from "../run/engineWatch";
import { createRun } from "../run/run";
import { version } from "../text/version";
import { checkResponse, method } from "./answer";
import * as config from "./config";
import { createCalls } from "./calls";
import { diffResponse } from "./diff";
import { invoke } from "./functions";
import { duringCall, printToEngine } from "./log";
import { schema } from "./schema";
import { nameOf, projectOf } from "./urn";
import { bagOf, plainOf, structOf } from "./wire";

/** The methods of a resource provider that this plugin has; grpc answers the others as unimplemented. */
export function createServer(): UntypedServiceImplementation {
  const run = createRun(watchEngine);
  // Starts to watch: an engine that only asks for the schema may exit too.
  run.engine();
  const calls = createCalls(run);
  let given: config.Given = { name: "", project: "", inputs: {} };
  return {
    handshake: method((request: pb.ProviderHandshakeRequest) => {
      printToEngine(request.getEngineAddress());
      const response = new pb.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      return response;
    }),
    attach: method((request: PluginAttach) => {
      printToEngine(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: method(() => {
      const info = new PluginInfo();
      info.setVersion(version);
      return info;
    }),
    getSchema: method(() => {
      const response = new pb.GetSchemaResponse();
      response.setSchema(JSON.stringify(schema));
      return response;
    }),
    checkConfig: method((request: pb.CheckRequest) =>
      duringCall(request.getUrn(), () => Promise.resolve(checkedConfig(request))),
    ),
    diffConfig: method((request: pb.DiffRequest) => {
      const olds = plainOf(bagOf(request.getOlds()));
      const oldInputs = plainOf(bagOf(request.getOldInputs()));
      const news = plainOf(bagOf(request.getNews()));
      const changes = config.configChanges({ ...olds, ...oldInputs }, news);
      return diffResponse({ changes }, { oldInputs, olds, news });
    }),
    configure: method((request: pb.ConfigureRequest) => {
      const urn = request.getUrn() ?? "";
      given = {
        name: request.getName() ?? nameOf(urn),
        project: projectOf(urn),
        inputs: plainOf(bagOf(request.getArgs())),
      };
      run.configure(config.getSetting(given));
      const response = new pb.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    }),
    invoke: method((request: pb.InvokeRequest) =>
      calls.guarded("", async () => {
        const args = plainOf(bagOf(request.getArgs()));
        const raw = config.rawSettings(given);
        const response = new pb.InvokeResponse();
        const result = await invoke(request.getTok(), args, raw, request.getPreview());
        response.setReturn(structOf(result));
        return response;
      }),
    ),
    check: method(calls.check),
    diff: method(calls.diff),
    create: method(calls.create),
    read: method(calls.read),
    update: method(calls.update),
    delete: method(calls.delete),
    // The engine cancels at the end of every run. That it exited is seen by the end of standard input.
    cancel: method(() => new Empty()),
  };
}

function checkedConfig(request: pb.CheckRequest): pb.CheckResponse {
  const urn = request.getUrn();
  const inputs = plainOf(bagOf(request.getNews()));
  const name = request.getName() || nameOf(urn);
  const failures = config.checkConfig({ name, project: projectOf(urn), inputs });
  return checkResponse(config.storedConfig(inputs), failures);
}
