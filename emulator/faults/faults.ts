import { setTimeout as wait } from "node:timers/promises";

import { codeForStatus, isStatus } from "../errors";
import { type Answer, errorAnswer, headerText } from "../http/answer";
import type { ErrorFormat } from "../assumptions";

/**
 * What goes wrong, and whether the request is carried out:
 * "status" an error answer, not carried out · "resetBefore" connection cut, not carried out ·
 * "resetAfter" carried out, connection cut before the answer · "halfAnswer" carried out, cut in the
 * middle of the body · "html" a page of a proxy, not carried out · "emptyBody" carried out, right
 * status, no body · "wrongShape" carried out, JSON of another shape · "late" carried out at once,
 * answered after `delayMs` · "lateBefore" carried out and answered after `delayMs`.
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

/** Something that goes wrong with the next authenticated request that fits. */
export interface Fault {
  /** Operation name as in `requests`; "s3" is any call of the S3 side. Default any. */
  operation?: string;
  /** Only requests that name this user, or that this user signed. Default any. */
  emailAddress?: string;
  /** For how many requests; default 1. */
  times?: number;
  kind: FaultKind;
  /** Of "status" (default 503) and "html" (default 200). */
  status?: number;
  /** Of "status"; default one that fits the status. */
  code?: string;
  /** Of "status"; default says that the failure was asked for. */
  message?: string;
  /** `Retry-After` of "status" and "html": seconds, or any text as it is. */
  retryAfter?: string | number;
  /** Milliseconds of "late" and "lateBefore"; default 1000. */
  delayMs?: number;
}

/** An answer and what becomes of it. */
export interface Delivery {
  readonly answer: Answer;
  /** "all": the connection is cut with nothing sent; "half": in the middle of the body. */
  readonly cut?: "all" | "half";
}

/** The faults asked for and not met yet, oldest first. */
export class FaultQueue {
  readonly #faults: { fault: Fault; left: number }[] = [];

  /** @throws TypeError for a number of times below 1, or what can't be a status */
  add(fault: Fault): void {
    const { times: left = 1, status = 503 } = fault;
    if (!Number.isInteger(left) || left < 1) throw new TypeError("times must be 1 or more");
    if (!isStatus(status)) throw new TypeError(`status must be from 200 to 599, not ${status}`);
    this.#faults.push({ fault: { ...fault }, left });
  }

  /** The first fault that fits; counts it as met. */
  take(operation: string, emailAddress: string | undefined): Fault | undefined {
    const index = this.#faults.findIndex(({ fault }) => fits(fault, operation, emailAddress));
    const entry = this.#faults[index];
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left === 0) this.#faults.splice(index, 1);
    return entry.fault;
  }
}

/** Carries a request out, or not, as the fault wants it. A stop ends its waiting with an error. */
export async function deliver(
  fault: Fault | undefined,
  carryOut: () => Answer,
  format: ErrorFormat,
  stopped: AbortSignal,
): Promise<Delivery> {
  const pause = () => wait(fault?.delayMs ?? 1000, undefined, { signal: stopped });
  if (fault?.kind === "lateBefore") await pause();
  const instead = fault && answerInstead(fault, format);
  if (instead) return instead;
  const answer = carryOut();
  if (fault?.kind === "late") await pause();
  return fault ? spoiled(fault, answer) : { answer };
}

function answerInstead(fault: Fault, format: ErrorFormat): Delivery | undefined {
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

function spoiled(fault: Fault, answer: Answer): Delivery {
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
  const message = fault.message ?? "This failure was asked for";
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
