/** What failed, on what, for messages: `create user ops@acme.example`. */
export type Attempt = string;

/** The operations that a failure may have to be recognised by. */
export type Operation = "listUsers" | "listBuckets" | "generateKey" | "revokeKey" | "listUploads";

import { describeCause, failureOf, type NetworkFailure } from "./networkFailure";
import { ProxyError } from "./proxy";
import { brief, oneLine } from "../text/plain";

/**
 * No answer came: refused, reset, timed out, a certificate that is not trusted, or a proxy that failed.
 * Whether the service carried the request out is open, unless `sent` is false.
 */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  /** False if no connection was open, so that the service cannot have seen the request. */
  readonly sent: boolean;
  readonly failure: NetworkFailure;
  /** Node's or OpenSSL's, empty where there is none. */
  readonly code: string;
  /** The failure of the proxy, where it is the proxy's. */
  readonly proxy: ProxyError | undefined;

  constructor(attempt: Attempt, endpoint: string, cause: unknown) {
    const { reason, code } = describeCause(cause);
    super(`${brief(attempt)}: no answer from ${endpoint} (${reason})`);
    this.failure = failureOf(cause, code);
    this.sent = !["unreachable", "certificate", "proxy"].includes(this.failure);
    this.code = code;
    this.proxy = cause instanceof ProxyError ? cause : undefined;
  }
}

/** A mistake in a program, met while a request was sent. It is not of the network, and is never retried. */
export class InternalError extends Error {
  override readonly name = "InternalError";

  constructor(attempt: Attempt, cause: unknown) {
    const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
    super(
      `${brief(attempt)}: an error in pulumi-ostor, not in the network (${name}: ${oneLine(message)}); please report this line`,
      { cause },
    );
  }
}

/** What an answer that says no told: code, message and request id are empty when it didn't. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
  requestId: string;
  retryAfterMs?: number | undefined;
  /** The origin that a redirect points to; empty if it is not a web address. */
  redirect?: string | undefined;
}

/** An answer that says no. Branch on `status`: the service's texts are not documented. */
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
    const { code, message } = refusal;
    const said = [code && ` ${code}`, message && `: ${message}`].join("");
    const request = refusal.requestId === "" ? "" : ` (request id ${refusal.requestId})`;
    const { status, retryAfterMs = 0 } = refusal;
    const wait = retryAfterMs < 1000 ? "" : `, asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
    super(`${brief(attempt)}: the service answered ${status}${said}${request}${wait}`);
    this.status = status;
    this.code = refusal.code;
    this.serviceMessage = refusal.message;
    this.requestId = refusal.requestId;
    this.retryAfterMs = refusal.retryAfterMs;
    this.redirect = refusal.redirect;
  }
}

/** A success whose body is not what this operation answers. The body itself is not kept: it may hold secrets. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";

  /** @param isGiant - it is too large to be read, however it was asked for */
  constructor(
    attempt: Attempt,
    problem: string,
    requestId: string,
    readonly isGiant = false,
    readonly operation?: Operation,
  ) {
    const request = requestId === "" ? "" : ` (request id ${requestId})`;
    super(
      `${brief(attempt)}: the answer is not one of an ostor service: ${problem}${request}; is the endpoint its S3 gateway?`,
    );
  }
}

/** The service knows no such user, key or bucket, or the endpoint is something else altogether. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** The service refused the key pair that signed. */
export function isRejected(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 401 || error.status === 403);
}

/** Worth asking again: no answer, too many requests, or the service's own trouble, met after its yes too. */
export function isTransient(error: unknown): boolean {
  if (error instanceof NetworkError) return isPassing(error);
  if (!(error instanceof ApiError)) return false;
  return error.status === 429 || error.status >= 500 || error.status < 300;
}

/** Whether a failure may pass by itself. Wrong credentials, repeated, lock an account at a proxy. */
function isPassing({ proxy }: NetworkError): boolean {
  return proxy === undefined || proxy.failure === "unreachable";
}

/** After this failure it is open whether the service did what was asked: look before asking again. */
export function isAmbiguous(error: unknown): boolean {
  return error instanceof ShapeError || isTransient(error);
}
