import type { Settings } from "../settings/settings";
import { CodedError, printed, type Message } from "../text/message";
import { plain } from "../text/plain";
import {
  ApiError,
  InternalError,
  isRejected,
  isTransient,
  NetworkError,
  ShapeError,
} from "./errors";
import * as fixes from "./fixMessages";

/** A failure as one line: what failed, what fixes it, and its code in brackets. */
export function explain(error: unknown, settings: Settings | undefined): string {
  return printed(explained(error, settings));
}

/**
 * A failure as one line with its fix and its code. The fix of a connection or of credentials is a setting; the line then says
 * that `refresh` and `destroy` use the settings of the last `up`.
 */
export function explained(error: unknown, settings: Settings | undefined): Message {
  // Names and ids come from a foreign server: they must not control the terminal.
  const text = plain(error instanceof Error ? error.message : String(error));
  const [code, fix] = fixFor(innermost(error), settings);
  const line = withoutSecret(fix === undefined ? text : `${text}; ${fix}`, settings);
  return { text: line, code: codeOf(error) ?? code };
}

/** Any field of an answer may repeat the administrator's secret: a hostile server may want it in a log. */
function withoutSecret(message: string, settings: Settings | undefined): string {
  const secret = settings?.secretAccessKey ?? "";
  // A very short secret, as in a demo, is part of many words.
  return secret.length < 8 ? message : message.replaceAll(secret, "[secret]");
}

/** The failed request that caused a failure. */
function innermost(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error;
}

/** The code of the outermost failure with a code. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof CodedError) return error.code;
  return error instanceof Error && error.cause instanceof Error ? codeOf(error.cause) : undefined;
}

/** The code of a failed request, and what fixes it. */
type Fix = [code: string, text?: string | undefined];

function fixFor(error: unknown, settings: Settings | undefined): Fix {
  if (error instanceof NetworkError) {
    return [`network-${error.failure}`, fixes.networkFix(error, settings)];
  }
  if (error instanceof InternalError) return ["internal-error"];
  if (error instanceof ShapeError) return ["foreign-answer"];
  return error instanceof ApiError ? fixForAnswer(error, settings) : [""];
}

function fixForAnswer(error: ApiError, settings: Settings | undefined): Fix {
  if (error.code === "RequestTimeTooSkewed") return ["clock-skew", fixes.setClock()];
  if (isRejected(error)) return ["credentials-rejected", fixes.checkCredentials(settings)];
  const { redirect } = error;
  if (redirect !== undefined) {
    // Only a target that may be the cluster can be set.
    const isOther = redirect !== "" && redirect !== settings?.endpoint;
    return ["redirected", isOther ? fixes.useRedirect(settings, redirect) : undefined];
  }
  if (settings && mayBeDialect(error, settings)) {
    return ["other-dialect", fixes.useOtherDialect(settings)];
  }
  // Every ostor service has these lists.
  if (error.status === 404 && isOf(error, "listUsers", "listBuckets")) {
    return ["not-ostor", fixes.checkService(settings)];
  }
  return fixForBusy(error, settings);
}

function fixForBusy(error: ApiError, settings: Settings | undefined): Fix {
  const { retryAfterMs = 0 } = error;
  if (settings && retryAfterMs >= operationMs(settings)) {
    const seconds = retryAfterMs / 1000 + settings.timeoutSeconds;
    return ["service-busy", fixes.waitLonger(settings, seconds)];
  }
  if (error.status === 429) return ["service-busy", fixes.sendLess()];
  if (isTransient(error)) return ["service-error", fixes.tryLater()];
  return ["service-refused"];
}

function isOf(error: ApiError, ...operations: (typeof error.operation)[]): boolean {
  return operations.includes(error.operation);
}

/** Whether a refused change of keys is likely due to the dialect: some releases take keys only by PUT, others only by POST. */
function mayBeDialect(error: ApiError, { dialect }: Settings): boolean {
  const refusals = dialect === "post" ? [400, 405, 501] : [400, 405, 409, 501];
  return isOf(error, "generateKey", "revokeKey") && refusals.includes(error.status);
}

/** The longest time of one operation with its attempts and pauses. */
function operationMs({ deadlineSeconds, timeoutSeconds }: Settings): number {
  return Math.max(deadlineSeconds, timeoutSeconds) * 1000;
}
