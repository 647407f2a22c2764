import * as messages from "./messages";
import { describeCause, failureOf, type NetworkFailure } from "./networkFailure";
import { ProxyError } from "./proxy";

/** What was attempted, on what, for messages: `create user ops@acme.example`. */
export type Attempt = string;

/** The operations whose failures have their own codes. */
export type Operation = "listUsers" | "listBuckets" | "generateKey" | "revokeKey" | "listUploads";

/**
 * No answer: connection refused, reset or timed out, certificate not trusted, or proxy failed. The service may have carried
 * out the request, unless `sent` is false.
 */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  /** False if no connection was open: the service did not receive the request. */
  readonly sent: boolean;
  readonly failure: NetworkFailure;
  /** The code of Node.js or OpenSSL; empty if there is none. */
  readonly code: string;
  /** Set if the proxy failed. */
  readonly proxy: ProxyError | undefined;

  constructor(attempt: Attempt, endpoint: string, cause: unknown) {
    const { reason, code } = describeCause(cause);
    super(messages.noAnswer(attempt, endpoint, reason));
    this.failure = failureOf(cause, code);
    this.sent = !["unreachable", "certificate", "proxy"].includes(this.failure);
    this.code = code;
    this.proxy = cause instanceof ProxyError ? cause : undefined;
  }
}

/** A mistake in this package, found while a request was sent. It is never retried. */
export class InternalError extends Error {
  override readonly name = "InternalError";

  constructor(attempt: Attempt, cause: unknown) {
    const reason = cause instanceof Error ? cause : new Error(String(cause));
    super(messages.internalError(attempt, reason), { cause });
  }
}

/** What an answer that refuses a request contains: code, message and request id may be empty. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
  requestId: string;
  retryAfterMs?: number | undefined;
  /** The origin that a redirect points to; empty if it is not a web address. */
  redirect?: string | undefined;
}

/** The service refused a request. Branch on `status`: the texts of the service are not documented. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly serviceMessage: string;
  readonly requestId: string;
  readonly retryAfterMs: number | undefined;
  readonly redirect: string | undefined;

  constructor(
    attempt: Attempt,
    refusal: Refusal,
    readonly operation?: Operation,
  ) {
    super(messages.refused(attempt, refusal));
    this.status = refusal.status;
    this.code = refusal.code;
    this.serviceMessage = refusal.message;
    this.requestId = refusal.requestId;
    this.retryAfterMs = refusal.retryAfterMs;
    this.redirect = refusal.redirect;
  }
}

/** A success whose body is not what the operation returns. The body is not stored: it may contain secrets. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";

  /** @param isTooLarge - the body exceeds the limit, so that the other signature version would not help */
  constructor(
    attempt: Attempt,
    problem: string,
    requestId: string,
    readonly isTooLarge = false,
    readonly operation?: Operation,
  ) {
    super(messages.foreignAnswer(attempt, problem, requestId));
  }
}

/** The user, key or bucket does not exist, or the endpoint is not the service. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** The service rejected the access key that signed. */
export function isRejected(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 401 || error.status === 403);
}

/** Worth a retry: no answer, too many requests, or a failure of the service, also one inside an answer of status 2xx. */
export function isTransient(error: unknown): boolean {
  if (error instanceof NetworkError) return mayPass(error);
  if (!(error instanceof ApiError)) return false;
  return error.status === 429 || error.status >= 500 || error.status < 300;
}

/** Repeated wrong credentials lock an account at a proxy. */
function mayPass({ proxy }: NetworkError): boolean {
  return proxy === undefined || proxy.failure === "unreachable";
}

/** Whether the service may have carried out the request: read before a retry. */
export function isAmbiguous(error: unknown): boolean {
  return error instanceof ShapeError || isTransient(error);
}
