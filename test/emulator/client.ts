import { createHmac } from "node:crypto";
import { type IncomingHttpHeaders, request as httpRequest } from "node:http";

import { Sha256 } from "@aws-crypto/sha256-js";
import { S3Client } from "@aws-sdk/client-s3";
import { SignatureV4 } from "@smithy/signature-v4";

import type { AccessKey, Emulator } from "../../emulator";

/** A response on the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request. The target is sent byte for byte. */
export interface Outgoing {
  readonly method: string;
  readonly target: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** Sends a request unchanged, which `fetch` would not. Each has its own connection. */
export function send(endpoint: string, outgoing: Outgoing): Promise<Reply> {
  const { hostname, port } = new URL(endpoint);
  const { method, target: path, body } = outgoing;
  // Node sends the body of a GET only with a length.
  const length = body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };
  const headers = { ...length, ...outgoing.headers };
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { hostname, port, method, path, headers, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const { statusCode: status = 0, headers: received } = answer;
          resolve({ status, headers: received, body: Buffer.concat(chunks).toString() });
        });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** Differences between the vendor's script and other clients. */
export interface ScriptOptions {
  readonly credentials?: AccessKey;
  readonly date?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** The signed resource. Default the query up to its first `&`. */
  readonly resource?: string;
}

/** A management call of the vendor's shell script: Version 2, only the service token is signed. */
export function s3Curl(
  emulator: Emulator,
  method: string,
  query: string,
  options: ScriptOptions = {},
): Promise<Reply> {
  const { accessKeyId, secretAccessKey } = options.credentials ?? emulator.credentials;
  const { date = zonedDate(Date.now()), headers = {}, resource } = options;
  const extra = Object.entries(headers).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const amazon = extra.filter(([name]) => name.startsWith("x-amz-")).sort();
  const text = [
    method,
    "",
    headers["Content-Type"] ?? "",
    "x-amz-date" in headers ? "" : date,
    ...amazon.map(([name, value]) => `${name}:${value}`),
    resource ?? `/?${query.split("&", 1)[0] ?? ""}`,
  ].join("\n");
  const Authorization = v2Authorization({ accessKeyId, secretAccessKey }, text);
  return send(emulator.endpoint, {
    method,
    target: resource ?? `/?${query}`,
    headers: { Accept: "*/*", Date: date, Authorization, ...headers },
    ...(options.body !== undefined && { body: options.body }),
  });
}

/** The header of a Version 2 signature. */
export function v2Authorization({ accessKeyId, secretAccessKey }: AccessKey, text: string): string {
  const signature = createHmac("sha1", secretAccessKey).update(text).digest("base64");
  return `AWS ${accessKeyId}:${signature}`;
}

/** `date -R` in a zone three hours east. */
export function zonedDate(ms: number): string {
  return new Date(ms + 3 * 3_600_000).toUTCString().replace("GMT", "+0300");
}

/** Signs a management call with Version 4, with an implementation that is independent of the emulator. */
export async function signV4(
  emulator: Emulator,
  method: string,
  query: Record<string, string>,
  options: { credentials?: AccessKey; signingDate?: Date; body?: string; region?: string } = {},
): Promise<Outgoing> {
  const { hostname, port, host } = new URL(emulator.endpoint);
  const signer = new SignatureV4({
    credentials: options.credentials ?? emulator.credentials,
    region: options.region ?? "us-east-1",
    service: "s3",
    sha256: Sha256,
    uriEscapePath: false,
  });
  const { body } = options;
  const unsigned = { method, protocol: "http:", hostname, port: Number(port), path: "/", query };
  const signed = await signer.sign(
    { ...unsigned, headers: { host }, ...(body !== undefined && { body }) },
    { signingDate: options.signingDate ?? new Date() },
  );
  const tokens = Object.entries(query).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  const target = `/?${tokens.join("&")}`;
  return { method, target, headers: signed.headers, ...(body !== undefined && { body }) };
}

/** The S3 client of Amazon for an access key. */
export function amazonClient(emulator: Emulator, credentials: AccessKey): S3Client {
  return new S3Client({
    endpoint: emulator.endpoint,
    region: "us-east-1",
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    maxAttempts: 1,
  });
}

/** The first access key of a user. */
export function firstKey(emulator: Emulator, emailAddress: string): AccessKey {
  const key = emulator.cluster.user(emailAddress)?.accessKeys[0];
  if (key === undefined) throw new Error(`${emailAddress} has no key`);
  return key;
}
