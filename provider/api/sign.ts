import { createHash, createHmac } from "node:crypto";
import aws4 from "aws4";

/** The access key that signs: the administrator's, or a user's. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The signed part of a request. No request of this client has a body. */
export interface Signable {
  method: "GET" | "PUT" | "POST" | "DELETE";
  /** Path and query as sent, values percent-encoded. */
  path: string;
  /** V2's canonical resource: `/?ostor-users`, or `/bucket?versions`. */
  resource: string;
  /** Host and, unless it is the scheme's default, port. */
  host: string;
}

/** Headers that authenticate one attempt at a moment. */
export type Sign = (
  request: Signable,
  credentials: Credentials,
  region: string,
  nowMs: number,
) => Record<string, string>;

/**
 * The text that V2 signs. It contains no parameter of a management request but the service's name, as in the vendor's script.
 */
export function stringToSignV2(method: string, date: string, resource: string): string {
  const contentMd5 = "";
  const contentType = "";
  return [method, contentMd5, contentType, date, resource].join("\n");
}

/** Signs with HMAC-SHA1, as every known script and client of the service does. */
export const signV2: Sign = (request, credentials, _region, nowMs) => {
  const date = new Date(nowMs).toUTCString();
  const text = stringToSignV2(request.method, date, request.resource);
  const signature = createHmac("sha1", credentials.secretAccessKey).update(text).digest("base64");
  return { Date: date, Authorization: `AWS ${credentials.accessKeyId}:${signature}` };
};

/** The hash of an empty body; aws4 would compute it twice for each request. */
const payloadHash = createHash("sha256").digest("hex");

/** Signs with AWS Signature Version 4 for the service name `s3`, which the gateway expects. */
export const signV4: Sign = (request, credentials, region, nowMs) => {
  const signed = aws4.sign(
    {
      service: "s3",
      region,
      method: request.method,
      path: request.path,
      headers: {
        Host: request.host,
        "X-Amz-Date": basicDate(nowMs),
        "X-Amz-Content-Sha256": payloadHash,
      },
    },
    credentials,
  );
  const headers = Object.entries(signed.headers ?? {}).filter(([name]) => name !== "Host");
  return Object.fromEntries(headers.map(([name, value]) => [name, String(value)]));
};

function basicDate(nowMs: number): string {
  return new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, "");
}
