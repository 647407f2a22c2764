import { oneLine } from "../text/plain";
import { ProxyError } from "./proxy";
import { TimeUpError } from "./timeLimit";

/** Why no answer came, as far as it decides what fixes it. */
export type NetworkFailure =
  "unreachable" | "certificate" | "timeout" | "deadline" | "cut" | "proxy";

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
  "CERT_CHAIN_TOO_LONG",
  "CERT_REVOKED",
  "CERT_UNTRUSTED",
  "CERT_REJECTED",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "PATH_LENGTH_EXCEEDED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** Whether a code says that a certificate is not trusted. */
export function isCertificateCode(code: string): boolean {
  return certificateCodes.has(code);
}

/** What is wrong with a certificate, as far as it decides what fixes it. */
export type CertificateFault = "ended" | "early" | "name" | "issuer" | "authority";

const faults = new Map<string, CertificateFault>([
  ["CERT_HAS_EXPIRED", "ended"],
  ["CERT_NOT_YET_VALID", "early"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "name"],
  // The server did not send who signed, and no configured or public authority did.
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "issuer"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "issuer"],
  ["UNABLE_TO_GET_ISSUER_CERT", "issuer"],
]);

/** What the code of a refused certificate says about it. */
export function certificateFault(code: string): CertificateFault {
  return faults.get(code) ?? "authority";
}

/** What a failed connection is about. */
export function failureOf(cause: unknown, code: string): NetworkFailure {
  if (cause instanceof ProxyError) return "proxy";
  if (cause instanceof TimeUpError) {
    return cause.setting === "deadlineSeconds" ? "deadline" : "timeout";
  }
  if (unreachableCodes.has(code)) return "unreachable";
  return certificateCodes.has(code) ? "certificate" : "cut";
}

/** The text of a failure, fit for a message, and its code. */
export function describeCause(cause: unknown): { reason: string; code: string } {
  // Happy-eyeballs failures arrive as one error holding one per address; the first says it all.
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    return describeCause(cause.errors[0]);
  }
  if (!(cause instanceof Error)) return { reason: oneLine(String(cause)), code: "" };
  const code = codeOf(cause);
  // OpenSSL puts addresses of memory and of its source around the words.
  const message = cause.message.replace(
    /^[0-9A-F]+:error:[^:]*:([^:]*):[^:]*:([^:]*):.*$/s,
    "$1: $2",
  );
  return { reason: oneLine(message || code), code };
}

const bugCodes = /^(ERR_INVALID_|ERR_ASSERTION|ERR_OUT_OF_RANGE|UND_ERR_(INVALID_|NOT_SUPPORTED))/;

/** Whether an error comes from a mistake in a program and not from the network: repeating it is useless. */
export function isBug(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  const isOfLanguage = [TypeError, RangeError, ReferenceError, SyntaxError, EvalError, URIError];
  return isOfLanguage.some((kind) => error instanceof kind) || bugCodes.test(codeOf(error));
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}
