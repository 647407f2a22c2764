import { createHash, createHmac } from "node:crypto";

import { decodeEscapes, type ServiceRequest } from "../http/request";

/** The parts of `20261123/us-east-1/s3/aws4_request`. */
export interface Scope {
  /** YYYYMMDD */
  readonly day: string;
  readonly region: string;
  readonly service: string;
}

/** The parameters of a V4 signature. */
export interface SignedWithV4 {
  readonly scope: Scope;
  /** `YYYYMMDDTHHMMSSZ` */
  readonly date: string;
  /** Lower-case names in the signed order. */
  readonly signedHeaders: readonly string[];
  /** Hash of the body in hex, or `UNSIGNED-PAYLOAD`; undefined if the request omits it. */
  readonly payloadHash: string | undefined;
}

/** SHA-256 in hex. */
export function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** First step: the canonical form of the request. */
export function canonicalRequest(request: ServiceRequest, signed: SignedWithV4): string {
  const headers = signed.signedHeaders.map(
    (name) => `${name}:${(request.headers.get(name) ?? "").trim().replace(/\s+/g, " ")}\n`,
  );
  return [
    request.method,
    canonicalPath(request.rawPath),
    canonicalQuery(request),
    headers.join(""),
    signed.signedHeaders.join(";"),
    signed.payloadHash,
  ].join("\n");
}

/** Second step: the string to sign. */
export function stringToSignV4(signed: SignedWithV4, canonical: string): string {
  return ["AWS4-HMAC-SHA256", signed.date, scopeText(signed.scope), sha256(canonical)].join("\n");
}

/** Third step: the HMAC in hex, with the key of day, region and service. */
export function signatureV4(secretAccessKey: string, scope: Scope, stringToSign: string): string {
  return hmac(signingKey(secretAccessKey, scopeText(scope)), stringToSign).toString("hex");
}

let last = { of: "", key: Buffer.alloc(0) };

/** Caches the last signing key, because a client uses it many times. */
function signingKey(secretAccessKey: string, scope: string): Buffer {
  const of = `${secretAccessKey}/${scope}`;
  if (last.of === of) return last.key;
  let key: string | Buffer = `AWS4${secretAccessKey}`;
  for (const part of scope.split("/")) key = hmac(key, part);
  last = { of, key: Buffer.from(key) };
  return last.key;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text, "utf8").digest();
}

function scopeText({ day, region, service }: Scope): string {
  return `${day}/${region}/${service}/aws4_request`;
}

/** S3 encodes a path once; other services of Amazon encode it twice. */
function canonicalPath(rawPath: string): string {
  return rawPath
    .split("/")
    .map((segment) => encode(decodeEscapes(segment)))
    .join("/");
}

/** Every parameter except the signature, encoded again and sorted by name, then value. */
function canonicalQuery(request: ServiceRequest): string {
  return request.parameters
    .filter(({ name }) => name !== "X-Amz-Signature")
    .map(({ name, value }) => [encode(name), encode(value)] as const)
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function encode(text: string): string {
  const escape = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, escape);
}
