/** What failed, on what, for messages: `create user ops@acme.example`. */
export type Attempt = string;

import { brief, oneLine } from "../text/plain";
import { TimeUpError } from "./timeLimit";

/** Why no answer came, as far as it decides what mends it. */
export type NetworkFailure = "unreachable" | "certificate" | "timeout" | "deadline" | "cut";

/**
 * No answer came: refused, reset, timed out, or a certificate that isn't trusted.
 * Whether the service carried the request out is open, unless `sent` is false.
 */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  /** False when the connection never stood, so that the service can't have seen the request. */
  readonly sent: boolean;
  readonly failure: NetworkFailure;

  constructor(attempt: Attempt, endpoint: string, cause: unknown) {
    const { reason, code } = describeCause(cause);
    super(`${brief(attempt)}: no answer from ${endpoint} (${reason})`);
    this.failure = failureOf(cause, code);
    this.sent = this.failure !== "unreachable" && this.failure !== "certificate";
  }
}

const unreachableCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  // https to a port that speaks something else.
  "ERR_SSL_WRONG_VERSION_NUMBER",
]);

const certificateCodes = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "CERT_REJECTED",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

function failureOf(cause: unknown, code: string): NetworkFailure {
  if (cause instanceof TimeUpError) {
    return cause.setting === "deadlineSeconds" ? "deadline" : "timeout";
  }
  if (unreachableCodes.has(code)) return "unreachable";
  return certificateCodes.has(code) ? "certificate" : "cut";
}

function describeCause(cause: unknown): { reason: string; code: string } {
  // Happy-eyeballs failures arrive as one error holding one per address; the first says it all.
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    return describeCause(cause.errors[0]);
  }
  if (!(cause instanceof Error)) return { reason: oneLine(String(cause)), code: "" };
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  // OpenSSL puts addresses of memory and of its source around the words.
  const message = cause.message.replace(
    /^[0-9A-F]+:error:[^:]*:([^:]*):[^:]*:([^:]*):.*$/s,
    "$1: $2",
  );
  return { reason: oneLine(message || code), code };
}

/** What an answer that says no told: code, message and request id are empty when it didn't. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
  requestId: string;
  retryAfterMs?: number | undefined;
}

/** An answer that says no. Branch on `status`: the service's texts are not documented. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly serviceMessage: string;
  readonly requestId: string;
  readonly retryAfterMs: number | undefined;

  constructor(attempt: Attempt, refusal: Refusal) {
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
  }
}

/** A success whose body is not what this operation answers. The body itself is not kept: it may hold secrets. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";

  constructor(attempt: Attempt, problem: string, requestId: string) {
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
  if (error instanceof NetworkError) return true;
  if (!(error instanceof ApiError)) return false;
  return error.status === 429 || error.status >= 500 || error.status < 300;
}

/** After this failure it is open whether the service did what was asked: look before asking again. */
export function isAmbiguous(error: unknown): boolean {
  return error instanceof ShapeError || isTransient(error);
}
