import { Metadata, status, type sendUnaryData, type ServiceError } from "@grpc/grpc-js";
import {
  CheckFailure as Failure,
  CheckResponse,
  ErrorResourceInitFailed,
} from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { explain } from "../api/explain";
import { PartialError, type Bag, type CheckFailure } from "../resources/lifecycle";
import type { Settings } from "../settings/settings";
import { structOf } from "./wire";

/** A call as grpc passes it. */
interface Call<Request> {
  request: Request;
}

/** A method of the service, with the callback that grpc expects. */
export function method<Request, Response>(
  work: (request: Request) => Response | Promise<Response>,
) {
  return (call: Call<Request>, callback: sendUnaryData<Response>): void => {
    Promise.resolve()
      .then(() => work(call.request))
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback(isServiceError(error) ? error : failed(error, undefined));
        },
      );
  };
}

/** The answer to a check. */
export function checkResponse(inputs: object, failures: readonly CheckFailure[]): CheckResponse {
  const response = new CheckResponse();
  response.setInputs(structOf(inputs));
  for (const { property, reason } of failures) {
    const failure = new Failure();
    failure.setProperty(property);
    failure.setReason(reason);
    response.addFailures(failure);
  }
  return response;
}

/**
 * A failure as the engine prints it: one line. What was created before it is stored, and the next `up` updates it.
 *
 * @param mark - marks the secrets of the stored properties
 */
export function failed(
  error: unknown,
  settings: Settings | undefined,
  mark: (properties: Bag) => Bag = (properties) => properties,
): ServiceError {
  const message = explain(error, settings);
  const metadata = new Metadata();
  if (error instanceof PartialError) {
    metadata.add("grpc-status-details-bin", details(message, error, mark(error.properties)));
  }
  const code = status.UNKNOWN;
  return Object.assign(new Error(message), { code, details: message, metadata });
}

function details(message: string, { id }: PartialError, properties: Bag): Buffer {
  const initFailed = new ErrorResourceInitFailed();
  initFailed.setId(id);
  initFailed.setProperties(structOf(properties));
  initFailed.addReasons(message);
  const detail = new Any();
  detail.pack(initFailed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const full = new Status();
  full.setCode(status.UNKNOWN);
  full.setMessage(message);
  full.addDetails(detail);
  return Buffer.from(full.serializeBinary());
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && "metadata" in error;
}
