import { oneLine } from "../text/plain";
import { ProxyError } from "./proxy";
import { TimeUpError } from "./timeLimit";

/** Why there was no answer, as far as the fix depends on it. */
export type NetworkFailure =
  | "unreachable"
  | "certificate"
  | "timeout"
  | "deadline"
  | "cut"
  | "proxy";

const unreachableCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  // https to a port without TLS.
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
  "CERT_CHAIN_TOO_LONG",
  "CERT_REVOKED",
  "CERT_UNTRUSTED",
  "CERT_REJECTED",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "PATH_LENGTH_EXCEEDED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** Whether a code means that a certificate is not trusted. */
export function isCertificateCode(code: string): boolean {
  return certificateCodes.has(code);
}

/** What is wrong with a certificate, as far as the fix depends on it. */
export type CertificateFault = "ended" | "early" | "name" | "issuer" | "authority";

const faults = new Map<string, CertificateFault>([
  ["CERT_HAS_EXPIRED", "ended"],
  ["CERT_NOT_YET_VALID", "early"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "name"],
  // The server did not send the intermediate certificate, and no trusted authority signed its own.
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "issuer"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "issuer"],
  ["UNABLE_TO_GET_ISSUER_CERT", "issuer"],
]);

/** What is wrong with a certificate, by the code of the failure. */
export function certificateFault(code: string): CertificateFault {
  return faults.get(code) ?? "authority";
}

/** The kind of a failed connection. */
export function failureOf(cause: unknown, code: string): NetworkFailure {
  if (cause instanceof ProxyError) return "proxy";
  if (cause instanceof TimeUpError) {
    return cause.setting === "deadlineSeconds" ? "deadline" : "timeout";
  }
  if (unreachableCodes.has(code)) return "unreachable";
  return certificateCodes.has(code) ? "certificate" : "cut";
}

/** The text of a failure, made safe for a message, and its code. */
export function describeCause(cause: unknown): { reason: string; code: string } {
  // One error for each address of the host; the first is enough.
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    return describeCause(cause.errors[0]);
  }
  if (!(cause instanceof Error)) return { reason: oneLine(String(cause)), code: "" };
  const code = codeOf(cause);
  // OpenSSL adds memory addresses and its source file.
  const message = cause.message.replace(
    /^[0-9A-F]+:error:[^:]*:([^:]*):[^:]*:([^:]*):.*$/s,
    "$1: $2",
  );
  return { reason: oneLine(message || code), code };
}

const bugCodes = /^(ERR_INVALID_|ERR_ASSERTION|ERR_OUT_OF_RANGE|UND_ERR_(INVALID_|NOT_SUPPORTED))/;

/** Whether an error comes from a mistake in this package and not from the network: a retry is useless. */
export function isBug(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  const isOfLanguage = [TypeError, RangeError, ReferenceError, SyntaxError, EvalError, URIError];
  return isOfLanguage.some((kind) => error instanceof kind) || bugCodes.test(codeOf(error));
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}
