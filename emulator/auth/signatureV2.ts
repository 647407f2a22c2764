import { createHmac } from "node:crypto";

import { parameter, type ServiceRequest } from "../http/request";

/** Subresources of S3 that Version 2 signs. */
const signedSubresources = new Set([
  ...["acl", "cors", "delete", "lifecycle", "location", "logging", "notification", "partNumber"],
  ...["object-lock", "policy", "replication", "requestPayment", "restore", "tagging", "torrent"],
  ...["uploadId", "uploads", "versionId", "versioning", "versions", "website"],
  ...["response-content-type", "response-content-language", "response-expires"],
  ...["response-cache-control", "response-content-disposition", "response-content-encoding"],
]);

/** Base64 of the HMAC-SHA1 of the string to sign. */
export function signatureV2(secretAccessKey: string, stringToSign: string): string {
  return createHmac("sha1", secretAccessKey).update(stringToSign, "utf8").digest("base64");
}

/**
 * The possible strings to sign of Version 2, the usual one first. They contain no parameters after the service
 * token. For a bucket, some clients (those of AWS too) sign `/bucket/` but request `/bucket`.
 */
export function stringsToSignV2(request: ServiceRequest): string[] {
  const path = signedPath(request);
  const paths = /^\/[^/]+$/.test(path) ? [path, `${path}/`] : [path];
  return paths.map((path) => stringToSignV2(request, path));
}

function stringToSignV2(request: ServiceRequest, path: string): string {
  const header = (name: string) => request.headers.get(name)?.trim() ?? "";
  return [
    request.method,
    header("content-md5"),
    header("content-type"),
    dateLine(request),
    ...amazonHeaders(request),
    canonicalResource(request, path),
  ].join("\n");
}

/** `/bucket/key`, also if the host names the bucket. */
function signedPath({ host, rawPath }: ServiceRequest): string {
  return host.kind === "bucket" ? `/${host.bucket}${rawPath}` : rawPath;
}

/** `/?ostor-users` for a management call; path and signed subresources for S3. */
export function canonicalResource(request: ServiceRequest, path = signedPath(request)): string {
  const service = request.parameters.find(({ name }) => name.startsWith("ostor-"));
  if (request.rawPath === "/" && service) return `/?${service.name}`;
  const words = request.parameters
    .filter(({ name }) => signedSubresources.has(name))
    .map(({ name, value }) => (value === "" ? name : `${name}=${value}`))
    .sort();
  return words.length === 0 ? path : `${path}?${words.join("&")}`;
}

/** The expiry in a presigned address. Empty with `x-amz-date`, which is signed as a header. */
function dateLine(request: ServiceRequest): string {
  if (request.headers.has("x-amz-date")) return "";
  if (!request.headers.has("authorization")) return parameter(request, "Expires") ?? "";
  return request.headers.get("date")?.trim() ?? "";
}

function amazonHeaders(request: ServiceRequest): string[] {
  return [...request.headers]
    .filter(([name]) => name.startsWith("x-amz-"))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value.trim()}`);
}
