import { commands, longer, toDialect, toEndpoint } from "../settings/commands";
import type { Settings } from "../settings/settings";
import { CodedError, type Message } from "../text/message";
import { plain } from "../text/plain";
import {
  ApiError,
  InternalError,
  isRejected,
  isTransient,
  NetworkError,
  ShapeError,
} from "./errors";
import { networkHint } from "./networkHint";

/** A failure as one line: what failed, what fixes it, and its code in brackets. */
export function explain(error: unknown, settings: Settings | undefined): string {
  const { text, code } = explained(error, settings);
  return code === "" ? text : `${text} [${code}]`;
}

/**
 * A failure as one line that says what fixes it. Connection and credentials are a matter of settings; `refresh` and `destroy`
 * run with the settings that the last `up` stored, which the line says too.
 */
export function explained(error: unknown, settings: Settings | undefined): Message {
  // Names and ids come from a foreign server: nothing in them may steer a terminal.
  const text = plain(error instanceof Error ? error.message : String(error));
  const [code, hint] = fixFor(innermost(error), settings);
  const line = withoutSecret(hint === undefined ? text : `${text}; ${hint}`, settings);
  return { text: line, code: codeOf(error) ?? code };
}

/** Any field of an answer may repeat the administrator's secret, on a server that wants to find it in a log. */
function withoutSecret(message: string, settings: Settings | undefined): string {
  const secret = settings?.secretAccessKey ?? "";
  // The letters of a toy's secret are in every word.
  return secret.length < 8 ? message : message.replaceAll(secret, "[secret]");
}

/** The failed request beneath a partially created resource or a refusal. */
function innermost(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error;
}

/** The code of the outermost failure that has one. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof CodedError) return error.code;
  return error instanceof Error && error.cause instanceof Error ? codeOf(error.cause) : undefined;
}

type Fix = [code: string, hint?: string | undefined];

function fixFor(error: unknown, settings: Settings | undefined): Fix {
  if (error instanceof NetworkError)
    return [`network-${error.failure}`, networkHint(error, settings)];
  if (error instanceof InternalError) return ["internal-error"];
  if (error instanceof ShapeError) return ["foreign-answer"];
  return error instanceof ApiError ? fixForAnswer(error, settings) : [""];
}

function fixForAnswer(error: ApiError, settings: Settings | undefined): Fix {
  if (error.code === "RequestTimeTooSkewed") {
    return [
      "clock-skew",
      "the clocks of this machine and of the service differ too much: set this machine's clock",
    ];
  }
  if (isRejected(error)) {
    const credentials = commands(settings, ["accessKeyId", "secretAccessKey"]);
    const hint = `check the credentials of a system user${credentials}${otherVersion(settings)}`;
    return ["credentials-rejected", hint];
  }
  if (error.redirect !== undefined) return ["redirected", redirectHint(error.redirect, settings)];
  const dialect = settings && otherDialect(error, settings);
  if (dialect !== undefined) return ["other-dialect", dialect];
  // Where not even a list is found, something else answers.
  if (error.status === 404 && isOf(error, "listUsers", "listBuckets")) {
    const change = commands(settings, ["endpoint"]);
    return ["not-ostor", `no ostor service answers that; check the endpoint${change}`];
  }
  return fixForBusy(error, settings);
}

function fixForBusy(error: ApiError, settings: Settings | undefined): Fix {
  if (settings && isLongerThanDeadline(error, settings)) {
    const wanted = (error.retryAfterMs ?? 0) / 1000 + settings.timeoutSeconds;
    const more = longer(settings, "deadlineSeconds", ", or allow more", wanted);
    return ["service-busy", `that is longer than one operation may take: try again later${more}`];
  }
  if (error.status === 429) {
    return ["service-busy", "too many requests: try again later, or lower maxConcurrency"];
  }
  if (isTransient(error)) return ["service-error", "the service has a problem: try again later"];
  return ["service-refused"];
}

function isOf(error: ApiError, ...operations: (typeof error.operation)[]): boolean {
  return operations.includes(error.operation);
}

/** Where one signature version is forced, the service may accept only the other one. */
function otherVersion(settings: Settings | undefined): string {
  if (!settings || settings.signatureVersion === "auto") return "";
  const change = commands(settings, ["signatureVersion"], "auto");
  return `; signatureVersion is ${settings.signatureVersion}: auto finds the right one${change}`;
}

/** A redirect is not followed; a target that may be the cluster can be set. */
function redirectHint(target: string, settings: Settings | undefined): string | undefined {
  if (target === "" || target === settings?.endpoint) return undefined;
  return `if that is the cluster: ${toEndpoint(settings, target)}`;
}

/** The likely cause of a refused change of keys: some releases take keys only by PUT, others only by POST. */
function otherDialect(error: ApiError, settings: Settings): string | undefined {
  if (!isOf(error, "generateKey", "revokeKey")) return undefined;
  const { dialect } = settings;
  const refusals = dialect === "post" ? [400, 405, 501] : [400, 405, 409, 501];
  if (!refusals.includes(error.status)) return undefined;
  return dialect === "post"
    ? `releases 2.x take keys by PUT; for such a release${toDialect(settings, "put")}`
    : `only releases 2.x take keys by PUT; for another release${toDialect(settings, "post")}`;
}

function isLongerThanDeadline({ retryAfterMs = 0 }: ApiError, settings: Settings): boolean {
  const { deadlineSeconds, timeoutSeconds } = settings;
  return retryAfterMs >= Math.max(deadlineSeconds, timeoutSeconds) * 1000;
}
