import { setTimeout as wait } from "node:timers/promises";

import { codeForStatus, isStatus } from "../errors";
import { type Answer, errorAnswer, headerText } from "../http/answer";
import type { ErrorFormat } from "../assumptions";

/**
 * Not carried out: "status" an error · "html" a page of a proxy · "resetBefore" the connection is cut.
 * Carried out: "resetAfter" the connection is cut before the response · "halfAnswer" the response is cut in the
 * middle of its body · "emptyBody" the right status without a body · "wrongShape" JSON of another shape ·
 * "late" carried out at once, the response is sent after `delayMs` · "lateBefore" carried out after `delayMs`.
 */
export type FaultKind =
  | "status"
  | "resetBefore"
  | "resetAfter"
  | "halfAnswer"
  | "html"
  | "emptyBody"
  | "wrongShape"
  | "late"
  | "lateBefore";

/** A failure of the next matching authenticated request. */
export interface Fault {
  /** Operation name as in `requests`. "s3" matches any S3 call. Default any operation. */
  operation?: string;
  /** Address of the user of the request, or of the user that signs an S3 call. Default any user. */
  emailAddress?: string;
  /** Number of requests. Default 1. */
  times?: number;
  kind: FaultKind;
  /** Status of "status" (default 503) and "html" (default 200). */
  status?: number;
  /** Error code of "status". Default one that matches the status. */
  code?: string;
  /** Error message of "status". */
  message?: string;
  /** `Retry-After` of "status" and "html": seconds, or any text. */
  retryAfter?: string | number;
  /** Delay of "late" and "lateBefore" in milliseconds. Default 1000. */
  delayMs?: number;
}

/** A response and how it is sent. */
export interface Delivery {
  readonly answer: Answer;
  /** Where the connection is cut: "all" before the response, "half" in the middle of its body. */
  readonly cut?: "all" | "half";
}

/** The pending faults, oldest first. */
export class FaultQueue {
  readonly #faults: { fault: Fault; left: number }[] = [];

  /** @throws TypeError for a number of times below 1, or an invalid status */
  add(fault: Fault): void {
    const { times: left = 1, status = 503 } = fault;
    if (!Number.isInteger(left) || left < 1) throw new TypeError("times must be 1 or more");
    if (!isStatus(status)) throw new TypeError(`status must be from 200 to 599, not ${status}`);
    this.#faults.push({ fault: { ...fault }, left });
  }

  /** Returns the first matching fault, and counts its use. */
  take(operation: string, emailAddress: string | undefined): Fault | undefined {
    const index = this.#faults.findIndex(({ fault }) => fits(fault, operation, emailAddress));
    const entry = this.#faults[index];
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left === 0) this.#faults.splice(index, 1);
    return entry.fault;
  }
}

/** Carries out a request as its fault demands. Rejects if the emulator stops meanwhile. */
export async function deliver(
  fault: Fault | undefined,
  carryOut: () => Answer,
  format: ErrorFormat,
  stopped: AbortSignal,
): Promise<Delivery> {
  const pause = () => wait(fault?.delayMs ?? 1000, undefined, { signal: stopped });
  if (fault?.kind === "lateBefore") await pause();
  const failed = fault && answerWithoutCall(fault, format);
  if (failed) return failed;
  const answer = carryOut();
  if (fault?.kind === "late") await pause();
  return fault ? answerAfterCall(fault, answer) : { answer };
}

function answerWithoutCall(fault: Fault, format: ErrorFormat): Delivery | undefined {
  switch (fault.kind) {
    case "status":
      return { answer: statusAnswer(fault, format) };
    case "html":
      return { answer: htmlAnswer(fault) };
    case "resetBefore":
      return { answer: htmlAnswer(fault), cut: "all" };
    default:
      return undefined;
  }
}

function answerAfterCall(fault: Fault, answer: Answer): Delivery {
  const { status, headers } = answer;
  switch (fault.kind) {
    case "resetAfter":
      return { answer, cut: "all" };
    case "halfAnswer":
      return { answer, cut: "half" };
    case "emptyBody":
      return { answer: { status, headers } };
    case "wrongShape":
      return {
        answer: { status, headers, body: JSON.stringify({ result: [{ ok: "yes" }], version: 7 }) },
      };
    default:
      return { answer };
  }
}

function statusAnswer(fault: Fault, format: ErrorFormat): Answer {
  const status = fault.status ?? 503;
  const code = fault.code ?? codeForStatus(status);
  const message = fault.message ?? "This failure was requested";
  const answer = errorAnswer({ status, code, message }, format);
  return { ...answer, headers: { ...answer.headers, ...retryHeader(fault) } };
}

function htmlAnswer(fault: Fault): Answer {
  const headers = { "Content-Type": "text/html", ...retryHeader(fault) };
  const body = "<!DOCTYPE html>\n<html><body><h1>Welcome to the load balancer</h1></body></html>\n";
  return { status: fault.status ?? 200, headers, body };
}

function retryHeader({ retryAfter }: Fault): Record<string, string> {
  return retryAfter === undefined ? {} : { "Retry-After": headerText(String(retryAfter)) };
}

function fits(fault: Fault, operation: string, emailAddress: string | undefined): boolean {
  const { operation: wanted, emailAddress: user } = fault;
  if (user !== undefined && user !== emailAddress) return false;
  if (wanted === "s3") return operation.startsWith("s3:");
  return wanted === undefined || wanted === operation;
}
