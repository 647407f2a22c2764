import type { ErrorFormat } from "../assumptions";
import { document, leaf } from "../s3/xml";

/** An answer before it is sent; the server adds the headers that every answer has. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Whether the body is sent without its length. */
  readonly chunked?: boolean;
}

/** What an error answer tells. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The vendor's samples send management JSON chunked, so it has no length here. */
export function jsonAnswer(value: unknown): Answer {
  const headers = { "Content-Type": "application/json" };
  return { status: 200, headers, body: JSON.stringify(value), chunked: true };
}

/** An S3 document. */
export function xmlAnswer(body: string, headers: Record<string, string> = {}): Answer {
  return { status: 200, headers: { "Content-Type": "application/xml", ...headers }, body };
}

/** Answers of 204 carry a content type all the same in the reference's samples. */
export function emptyAnswer(status: number, headers: Record<string, string> = {}): Answer {
  return { status, headers: { "Content-Type": "application/xml", ...headers } };
}

/** An error: status, the two headers that clients of the service read, and an S3 body (assumed). */
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

/** Text for a header: what comes from outside may hold line ends and other characters it can't. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 1000);
}
