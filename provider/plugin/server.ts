import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo, type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { version } from "../text/version";
import { checkResponse, method } from "./answer";
import * as calls from "./calls";
import * as config from "./config";
import { diffResponse } from "./diff";
import { invoke } from "./functions";
import { duringCall, printToEngine } from "./log";
import { schema } from "./schema";
import { guarded, openSession, type Session } from "./session";
import { nameOf, projectOf } from "./urn";
import { bagOf, plainOf, structOf } from "./wire";

/** The methods of a resource provider that this plugin has; grpc answers the others as unimplemented. */
export function createServer(): UntypedServiceImplementation {
  const session = openSession();
  const of = <Request, Response>(
    call: (session: Session, request: Request) => Response | Promise<Response>,
  ) => method((request: Request) => call(session, request));
  return {
    handshake: method(handshake),
    attach: method(attach),
    getPluginInfo: method(pluginInfo),
    getSchema: method(schemaResponse),
    checkConfig: method(checkConfig),
    diffConfig: method(diffConfig),
    configure: of(configure),
    invoke: of(callFunction),
    check: of(calls.check),
    diff: of(calls.diff),
    create: of(calls.create),
    read: of(calls.read),
    update: of(calls.update),
    delete: of(calls.remove),
    // The engine cancels at the end of every run. That it exited is seen by the end of standard input.
    cancel: method(() => new Empty()),
  };
}

function handshake(request: pb.ProviderHandshakeRequest): pb.ProviderHandshakeResponse {
  printToEngine(request.getEngineAddress());
  const response = new pb.ProviderHandshakeResponse();
  response.setAcceptSecrets(true);
  return response;
}

function attach(request: PluginAttach): Empty {
  printToEngine(request.getAddress());
  return new Empty();
}

function pluginInfo(): PluginInfo {
  const info = new PluginInfo();
  info.setVersion(version);
  return info;
}

function schemaResponse(): pb.GetSchemaResponse {
  const response = new pb.GetSchemaResponse();
  response.setSchema(JSON.stringify(schema));
  return response;
}

function checkConfig(request: pb.CheckRequest): Promise<pb.CheckResponse> {
  const urn = request.getUrn();
  // oxlint-disable-next-line typescript/require-await -- what it prints arrives before its answer
  return duringCall(urn, async () => {
    const inputs = plainOf(bagOf(request.getNews()));
    const name = request.getName() || nameOf(urn);
    const failures = config.checkConfig({ name, project: projectOf(urn), inputs });
    return checkResponse(config.storedConfig(inputs), failures);
  });
}

function diffConfig(request: pb.DiffRequest): pb.DiffResponse {
  const olds = plainOf(bagOf(request.getOlds()));
  const oldInputs = plainOf(bagOf(request.getOldInputs()));
  const news = plainOf(bagOf(request.getNews()));
  const changes = config.configChanges({ ...olds, ...oldInputs }, news);
  return diffResponse({ changes }, { oldInputs, olds, news });
}

function configure(session: Session, request: pb.ConfigureRequest): pb.ConfigureResponse {
  const urn = request.getUrn() ?? "";
  const name = request.getName() ?? nameOf(urn);
  const inputs = plainOf(bagOf(request.getArgs()));
  session.given = { name, project: projectOf(urn), inputs };
  session.run.configure(config.getSetting(session.given));
  const response = new pb.ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setSupportspreview(true);
  return response;
}

function callFunction(session: Session, request: pb.InvokeRequest): Promise<pb.InvokeResponse> {
  return guarded(session, "", async () => {
    const args = plainOf(bagOf(request.getArgs()));
    const raw = config.rawSettings(session.given);
    const response = new pb.InvokeResponse();
    const result = await invoke(request.getTok(), args, raw, request.getPreview());
    response.setReturn(structOf(result));
    return response;
  });
}
