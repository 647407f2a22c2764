import { XMLParser } from "fast-xml-parser";
import { z } from "zod";
import type { Refusal } from "./errors";
import { unreadableBody } from "./messages";
import type { Redirect } from "./redirect";
import type { RawAnswer } from "./transport";
import { oneLine } from "../text/plain";

const xmlError = z.object({
  Error: z.object({ Code: z.unknown(), Message: z.unknown() }).partial(),
});
const jsonError = z
  .object({
    code: z.unknown(),
    Code: z.unknown(),
    message: z.unknown(),
    Message: z.unknown(),
  })
  .partial();

/**
 * Reads an answer that refuses a request. The service puts its text in `X-Amz-Err-Message`. Bodies of management errors are
 * not documented, so XML and JSON are tried if the headers are missing.
 *
 * @param hide - secrets of this side, which a service may repeat in its answer
 * @param redirect - where the answer points, if it is a redirect
 */
export function readRefusal(answer: RawAnswer, hide: string[], redirect?: Redirect): Refusal {
  const { "x-amz-err-code": code, "x-amz-err-message": message } = answer.headers;
  // Each creation gets a 404 first: parse its XML only if a header is missing.
  const isComplete = code !== undefined && message !== undefined;
  const body = isComplete ? { code, message } : readBody(answer.body);
  // Secrets are hidden before the text is cut, which could leave a part of one.
  const clean = (value: string) =>
    oneLine(hide.reduce((text, word) => text.replaceAll(word, "[secret]"), value));
  const unreadable = answer.unreadable === undefined ? "" : unreadableBody(answer.unreadable);
  const reason = clean(message ?? body.message) || unreadable;
  return {
    status: answer.status,
    code: clean(code ?? body.code),
    message: [reason, redirect?.message ?? ""].filter((part) => part !== "").join("; "),
    requestId: clean(answer.headers["x-amz-request-id"] ?? ""),
    retryAfterMs: readRetryAfter(answer.headers),
    ...(redirect && { redirect: redirect.target }),
  };
}

function readBody(body: string): { code: string; message: string } {
  const text = body.trimStart();
  if (text.startsWith("{")) return readJson(text);
  if (text.startsWith("<") && !/^<(!doctype\s+html|html)/i.test(text)) return readXml(text);
  return { code: "", message: "" };
}

function readJson(text: string): { code: string; message: string } {
  try {
    const { code, Code, message, Message } = jsonError.parse(JSON.parse(text));
    return { code: word(code ?? Code), message: word(message ?? Message) };
  } catch {
    return { code: "", message: "" };
  }
}

function readXml(text: string): { code: string; message: string } {
  try {
    const { Error: error } = xmlError.parse(new XMLParser({ parseTagValue: false }).parse(text));
    return { code: word(error.Code), message: word(error.Message) };
  } catch {
    return { code: "", message: "" };
  }
}

function word(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** `Retry-After` in milliseconds. It contains seconds, or a date by the service's clock. */
function readRetryAfter(headers: RawAnswer["headers"]): number | undefined {
  const value = headers["retry-after"] ?? "";
  if (value.trim() === "") return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const nowMs = Date.parse(headers["date"] ?? "");
  const delayMs = Date.parse(value) - (Number.isNaN(nowMs) ? Date.now() : nowMs);
  return Number.isNaN(delayMs) ? undefined : Math.max(0, delayMs);
}
