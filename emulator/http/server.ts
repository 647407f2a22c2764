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
import { readBody } from "./body";
import { parameter, parseRequest } from "./request";
import { record, type RecordedRequest } from "./requestLog";
import { send } from "./send";

/** What the walk through the checks needs besides the service itself. */
export interface Surroundings {
  readonly service: Service;
  readonly faults: FaultQueue;
  readonly sentinels: Sentinels;
  readonly log: RecordedRequest[];
  readonly delayMs: number;
  /** Aborted when the emulator stops. */
  readonly stopped: AbortSignal;
}

/** Answers one request. Never rejects: a mistake of a handler is a 500, any other a cut connection. */
export async function answerRequest(
  around: Surroundings,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await respond(around, incoming, response);
  } catch {
    response.destroy();
  }
}

async function respond(
  around: Surroundings,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedNs = process.hrtime.bigint();
  const entry = record(around.log, incoming.method ?? "", incoming.url ?? "");
  const delivery = await walk(around, entry, incoming).catch((error: unknown) => {
    return { answer: refusal(around.service, entry.operation, error) };
  });
  if (around.stopped.aborted || (incoming.destroyed && !incoming.complete)) {
    response.destroy();
    return;
  }
  // A refused body isn't read to its end, so nothing can follow on this connection.
  if (!incoming.complete) response.shouldKeepAlive = false;
  const micros = (process.hrtime.bigint() - startedNs) / 1000n;
  send(response, delivery, commonHeaders(around.service, micros));
  if (response.headersSent) entry.status = delivery.answer.status;
}

/** FIRST the whole request, THEN what it asks for, THEN who asks, THEN faults, THEN the call. */
async function walk(
  around: Surroundings,
  entry: RecordedRequest,
  incoming: IncomingMessage,
): Promise<Delivery> {
  const { service, delayMs, stopped } = around;
  if (delayMs > 0) await wait(delayMs, undefined, { signal: stopped });
  const body = await readBody(incoming);
  const request = parseRequest(incoming, body, service.assumptions.plusIsSpace, service.hostNames);
  const version = claimedVersion(request);
  if (version) entry.signatureVersion = version;
  const call = managementCall(request, service.assumptions) ?? s3Call(request);
  entry.operation = call.operation;
  const context = { service, request, caller: authenticate(service, request) };
  return await carryOut(around, call, context);
}

async function carryOut(around: Surroundings, call: Call, context: Context): Promise<Delivery> {
  const { service, faults, sentinels, stopped } = around;
  const { operation, handler } = call;
  const address = addressOf(context, operation);
  const fault = faults.take(operation, address) ?? sentinels.take(operation, address);
  const answer = () => {
    try {
      const done = handler(context);
      if (operation === "deleteUser" && address) sentinels.rearm(address);
      return done;
    } catch (error) {
      return refusal(service, operation, error);
    }
  };
  return await deliver(fault, answer, errorFormat(service, operation), stopped);
}

/** The user a management call names, or the one who makes an S3 call. */
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

/** Clients of S3 read XML only, whatever the management calls answer with. */
function errorFormat(service: Service, operation: string): Service["assumptions"]["errorFormat"] {
  return operation.startsWith("s3:") ? "xml" : service.assumptions.errorFormat;
}

function internal(error: unknown): ServiceError {
  const reason = error instanceof Error ? error.message : "unknown";
  return new ServiceError("InternalError", `A mistake of the emulator: ${reason}`);
}

function commonHeaders(service: Service, micros: bigint): Record<string, string> {
  return {
    Server: "ostor-emulator",
    "x-amz-request-id": service.ids.requestId(nextCount(service, "request")),
    "x-amz-req-time-micros": String(micros),
  };
}
