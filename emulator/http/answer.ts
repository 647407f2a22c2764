import type { ErrorFormat } from "../assumptions";
import { document, leaf } from "../s3/xml";

/** A response before the server adds the common headers. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Whether the body is sent without its length. */
  readonly chunked?: boolean;
}

/** An error in a response. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A JSON response. It is chunked, as in the samples of the vendor. */
export function jsonAnswer(value: unknown): Answer {
  const headers = { "Content-Type": "application/json" };
  return { status: 200, headers, body: JSON.stringify(value), chunked: true };
}

/** A response with an S3 document. */
export function xmlAnswer(body: string, headers: Record<string, string> = {}): Answer {
  return { status: 200, headers: { "Content-Type": "application/xml", ...headers }, body };
}

/** A response without a body. It has a content type, as in the samples of the reference. */
export function emptyAnswer(status: number, headers: Record<string, string> = {}): Answer {
  return { status, headers: { "Content-Type": "application/xml", ...headers } };
}

/** An error response: status, the two headers that clients read, and an S3 body (assumed). */
export function errorAnswer(refusal: Refusal, format: ErrorFormat): Answer {
  if (format === "json") return jsonError(refusal);
  if (format === "none") return { status: refusal.status, headers: {} };
  const headers = {
    ...errorHeaders(refusal),
    ...refusal.headers,
    "Content-Type": "application/xml",
  };
  if (format === "headers") return { status: refusal.status, headers };
  return { status: refusal.status, headers, body: errorXml(refusal) };
}

function jsonError({ status, code, message, details }: Refusal): Answer {
  const headers = { "Content-Type": "application/json" };
  return { status, headers, body: JSON.stringify({ code, message, ...details }), chunked: true };
}

function errorXml({ code, message, details }: Refusal): string {
  const more = Object.entries(details ?? {}).map(([name, value]) => leaf(name, value));
  return document("Error", leaf("Code", code), leaf("Message", message), ...more);
}

function errorHeaders({ code, message }: Refusal): Record<string, string> {
  return { "X-Amz-Err-Message": headerText(message), "x-amz-err-code": headerText(code) };
}

/** Replaces the characters that a header must not contain. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 1000);
}
