import { createHmac } from "node:crypto";

import { parameter, type ServiceRequest } from "../http/request";

/** Query words of S3 that are part of what Version 2 signs. */
const signedWords = new Set([
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
 * The strings that Version 2 may sign; what follows the service token in the query isn't in them. The first is the
 * usual one. Of a bucket itself some clients, AWS's own among them, sign `/bucket/` while they ask for `/bucket`.
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

/** `/bucket/key`, also where the host names the bucket. */
function signedPath({ host, rawPath }: ServiceRequest): string {
  return host.kind === "bucket" ? `/${host.bucket}${rawPath}` : rawPath;
}

/** `/?ostor-users` for a management call, path and signed query words for S3. */
export function canonicalResource(request: ServiceRequest, path = signedPath(request)): string {
  const service = request.parameters.find(({ name }) => name.startsWith("ostor-"));
  if (request.rawPath === "/" && service) return `/?${service.name}`;
  const words = request.parameters
    .filter(({ name }) => signedWords.has(name))
    .map(({ name, value }) => (value === "" ? name : `${name}=${value}`))
    .sort();
  return words.length === 0 ? path : `${path}?${words.join("&")}`;
}

/** Empty with `x-amz-date`, which is then among the headers; the expiry in a presigned address. */
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
