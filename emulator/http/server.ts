import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

import { authenticate } from "../auth/authenticate";
import { claimedVersion } from "../auth/claim";
import type { Call, Context } from "../context";
import { ServiceError } from "../errors";
import { type Delivery, deliver, type FaultQueue } from "../faults/faults";
import type { Sentinels } from "../faults/sentinels";
import { managementCall } from "../management/operations";
import { s3Call } from "../s3/operations";
import { nextCount, type Service } from "../service";
import { foldAddress } from "../users";
import { type Answer, errorAnswer } from "./answer";
import { Arrival } from "./arrival";
import type { Budget } from "./budget";
import { checkAnnounced, isLargelyUnread } from "./body";
import { parameter, parseRequest } from "./request";
import type { RecordedRequest, RequestLog } from "./requestLog";
import { send, sendEarly } from "./send";

/** The parts of a running emulator. */
export interface Runtime {
  readonly service: Service;
  readonly faults: FaultQueue;
  readonly sentinels: Sentinels;
  readonly log: RequestLog;
  readonly budget: Budget;
  readonly delayMs: number;
  /** Aborted when the emulator stops. */
  readonly stopped: AbortSignal;
}

/** Handles one request. Never rejects: a defect of a handler is a 500, any other failure cuts the connection. */
export async function answerRequest(
  runtime: Runtime,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await respond(runtime, incoming, response);
  } catch {
    response.destroy();
  }
}

async function respond(
  runtime: Runtime,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedNs = process.hrtime.bigint();
  const entry = runtime.log.add(incoming.method ?? "", incoming.url ?? "");
  const delivery: Delivery = await handleRequest(
    runtime,
    entry,
    new Arrival(incoming, response),
  ).catch((error: unknown) => {
    return { answer: refusal(runtime.service, entry.operation, error) };
  });
  if (runtime.stopped.aborted || (incoming.destroyed && !incoming.complete)) {
    response.destroy();
    return;
  }
  const micros = (process.hrtime.bigint() - startedNs) / 1000n;
  const common = commonHeaders(runtime.service, micros);
  if (isLargelyUnread(incoming) && delivery.cut === undefined) {
    sendEarly(incoming, response, delivery.answer, common);
  } else {
    send(response, delivery, common);
  }
  if (response.headersSent) entry.status = delivery.answer.status;
}

/**
 * Order: operation, authentication, permission, body, faults, call. A refused request is refused without its body.
 */
async function handleRequest(
  runtime: Runtime,
  entry: RecordedRequest,
  arrival: Arrival,
): Promise<Delivery> {
  const { service, delayMs, stopped } = runtime;
  if (delayMs > 0) await wait(delayMs, undefined, { signal: stopped });
  const { incoming } = arrival;
  const { plusIsSpace } = service.assumptions;
  const request = parseRequest(incoming, Buffer.alloc(0), plusIsSpace, service.hostNames);
  const version = claimedVersion(request);
  if (version) entry.signatureVersion = version;
  const call = managementCall(request, service.assumptions) ?? s3Call(request);
  entry.operation = call.operation;
  checkAnnounced(incoming);
  const identity = authenticate(service, request);
  const head = { service, request, caller: identity.user };
  const refused = identity.isProven ? refusedBy(call, head) : undefined;
  if (refused) return await carryOut(runtime, call.operation, head, () => fail(refused));
  return await arrival.withBody(call.operation, runtime.budget, async (body) => {
    identity.checkBody(body);
    const context = { ...head, request: { ...request, body } };
    return await carryOut(runtime, call.operation, context, () => {
      // Checked again, because the bucket may have been deleted meanwhile.
      call.admit(context);
      return call.handler(context);
    });
  });
}

async function carryOut(
  { service, faults, sentinels, stopped }: Runtime,
  operation: string,
  context: Context,
  handle: () => Answer,
): Promise<Delivery> {
  const address = addressOf(context, operation);
  const fault = faults.take(operation, address) ?? sentinels.take(operation, address);
  const answer = () => {
    try {
      const done = handle();
      if (operation === "deleteUser" && address) sentinels.reset(address);
      return done;
    } catch (error) {
      return refusal(service, operation, error);
    }
  };
  return await deliver(fault, answer, errorFormat(service, operation), stopped);
}

function fail(error: Error): never {
  throw error;
}

function refusedBy(call: Call, head: Context): Error | undefined {
  try {
    call.admit(head);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The user in a management call, or the caller of an S3 call. */
function addressOf({ service, request, caller }: Context, operation: string): string | undefined {
  if (operation.startsWith("s3:")) return caller.emailAddress;
  const address = parameter(request, "emailAddress");
  if (address !== undefined) return foldAddress(service, address);
  return service.users.byId(parameter(request, "id") ?? "")?.emailAddress;
}

function refusal(service: Service, operation: string, error: unknown): Answer {
  const known = error instanceof ServiceError ? error : internal(error);
  return errorAnswer(known, errorFormat(service, operation));
}

/** S3 clients only read XML, whatever the format of management errors. */
function errorFormat(service: Service, operation: string): Service["assumptions"]["errorFormat"] {
  return operation.startsWith("s3:") ? "xml" : service.assumptions.errorFormat;
}

function internal(error: unknown): ServiceError {
  const reason = error instanceof Error ? error.message : "unknown";
  return new ServiceError("InternalError", `A defect of the emulator: ${reason}`);
}

function commonHeaders(service: Service, micros: bigint): Record<string, string> {
  return {
    Server: "ostor-emulator",
    "x-amz-request-id": service.ids.requestId(nextCount(service, "request")),
    "x-amz-req-time-micros": String(micros),
  };
}
