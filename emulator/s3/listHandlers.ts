import type { Bucket, OldVersion } from "../bucketTable";
import type { Context } from "../context";
import { ServiceError } from "../errors";
import { type Answer, xmlAnswer } from "../http/answer";
import { parameter, type ServiceRequest } from "../http/request";
import { supervisedBucket } from "./access";
import { isoDate, ownerXml } from "./bucketHandlers";
import { compareKeys, type Listed, type ListQuery, type Page, takePage } from "./listing";
import { document, element, leaf } from "./xml";

interface Entry extends Listed {
  readonly etag: string;
  readonly size: number;
  readonly modifiedMs: number;
}

interface VersionEntry extends Entry {
  readonly id: string;
  readonly marker: boolean;
  readonly latest: boolean;
}

/** GET /bucket */
export function listObjects(context: Context): Answer {
  const query = listQuery(context.request, parameter(context.request, "marker") ?? "");
  const page = takePage(currentObjects(supervisedBucket(context)), query);
  const code = textCoder(context.request);
  const next = page.truncated ? [leaf("NextMarker", code(page.last))] : [];
  const marker = leaf("Marker", code(query.after));
  return result("ListBucketResult", context, query, page, [marker, ...next, ...rows(page, code)]);
}

/** GET /bucket?list-type=2 */
export function listObjectsV2(context: Context): Answer {
  const { request } = context;
  const token = parameter(request, "continuation-token");
  const after = token === undefined ? parameter(request, "start-after") : readToken(token);
  const query = listQuery(request, after ?? "");
  const page = takePage(currentObjects(supervisedBucket(context)), query);
  const next = page.truncated ? [leaf("NextContinuationToken", writeToken(page.last))] : [];
  const count = leaf("KeyCount", page.items.length + page.commonPrefixes.length);
  const content = [count, ...next, ...rows(page, textCoder(request))];
  return result("ListBucketResult", context, query, page, content);
}

/** GET /bucket?versions; an object that was put by S3 has the version "null". */
export function listObjectVersions(context: Context): Answer {
  const { request } = context;
  const afterId = parameter(request, "version-id-marker");
  const query = { ...listQuery(request, parameter(request, "key-marker") ?? ""), afterId };
  const page = takePage(allVersions(supervisedBucket(context)), query);
  const code = textCoder(request);
  const nextId = page.lastId === undefined ? [] : [leaf("NextVersionIdMarker", page.lastId)];
  const next = page.truncated ? [leaf("NextKeyMarker", code(page.last)), ...nextId] : [];
  const versions = page.items.map((entry) => versionXml(entry, context, code));
  const content = [leaf("KeyMarker", code(query.after)), ...next, ...versions];
  return result("ListVersionsResult", context, query, page, content);
}

/** GET /bucket?uploads; only `cluster` begins any, as uploads in parts are left out. All are told at once. */
export function listMultipartUploads(context: Context): Answer {
  const { name, uploads } = supervisedBucket(context);
  const rows = uploads.map((key, number) =>
    element("Upload", leaf("Key", key), leaf("UploadId", `${number}`)),
  );
  const head = [leaf("Bucket", name), leaf("MaxUploads", 1000), leaf("IsTruncated", false)];
  return xmlAnswer(document("ListMultipartUploadsResult", ...head, ...rows));
}

function result(
  root: string,
  context: Context,
  query: ListQuery,
  page: Page<Entry>,
  content: string[],
): Answer {
  const code = textCoder(context.request);
  const groups = page.commonPrefixes.map((prefix) =>
    element("CommonPrefixes", leaf("Prefix", code(prefix))),
  );
  const head = [
    leaf("Name", supervisedBucket(context).name),
    leaf("Prefix", code(query.prefix)),
    leaf("MaxKeys", query.maxKeys),
    ...(query.delimiter === "" ? [] : [leaf("Delimiter", code(query.delimiter))]),
    ...(isUrlCoded(context.request) ? [leaf("EncodingType", "url")] : []),
    leaf("IsTruncated", page.truncated),
  ];
  return xmlAnswer(document(root, ...head, ...content, ...groups));
}

function rows(page: Page<Entry>, code: (text: string) => string): string[] {
  return page.items.map((entry) =>
    element("Contents", leaf("Key", code(entry.key)), ...facts(entry)),
  );
}

function versionXml(entry: VersionEntry, context: Context, code: (text: string) => string): string {
  const start = [
    leaf("Key", code(entry.key)),
    leaf("VersionId", entry.id),
    leaf("IsLatest", entry.latest),
  ];
  const owner = ownerXml(context.caller);
  if (!entry.marker) return element("Version", ...start, ...facts(entry), owner);
  return element("DeleteMarker", ...start, leaf("LastModified", isoDate(entry.modifiedMs)), owner);
}

function facts({ modifiedMs, etag, size }: Entry): string[] {
  const storage = leaf("StorageClass", "STANDARD");
  return [
    leaf("LastModified", isoDate(modifiedMs)),
    leaf("ETag", etag),
    leaf("Size", size),
    storage,
  ];
}

function currentObjects(bucket: Bucket): Entry[] {
  const entries = [...bucket.objects].map(([key, { etag, body, modifiedMs }]) => {
    return { key, etag, size: body.length, modifiedMs };
  });
  return entries.sort((a, b) => compareKeys(a.key, b.key));
}

/** By key, the newest first. */
function allVersions(bucket: Bucket): VersionEntry[] {
  const current = currentObjects(bucket).map((entry) => {
    return { ...entry, id: "null", marker: false, latest: true };
  });
  const seen = new Set(bucket.objects.keys());
  const old = [...bucket.oldVersions].reverse().map((version) => oldEntry(version, seen));
  // Sorting keeps the order of equal keys: the current object, then the newest version.
  return [...current, ...old].sort((a, b) => compareKeys(a.key, b.key));
}

function oldEntry(version: OldVersion, seen: Set<string>): VersionEntry {
  const { key, versionId, marker, size, modifiedMs } = version;
  const latest = !seen.has(key);
  seen.add(key);
  return { key, id: versionId, marker, latest, etag: `"${versionId}"`, size, modifiedMs };
}

function listQuery(request: ServiceRequest, after: string): ListQuery {
  const maxKeys = parameter(request, "max-keys") ?? "1000";
  if (!/^\d{1,9}$/.test(maxKeys)) {
    throw new ServiceError("InvalidArgument", "max-keys is not a number");
  }
  return {
    prefix: parameter(request, "prefix") ?? "",
    delimiter: parameter(request, "delimiter") ?? "",
    maxKeys: Math.min(Number(maxKeys), 1000),
    after,
  };
}

function isUrlCoded(request: ServiceRequest): boolean {
  return parameter(request, "encoding-type") === "url";
}

function textCoder(request: ServiceRequest): (text: string) => string {
  return isUrlCoded(request)
    ? (text) => encodeURIComponent(text).replaceAll("%2F", "/")
    : (text) => text;
}

function writeToken(last: string): string {
  return Buffer.from(last).toString("base64url");
}

function readToken(token: string): string {
  return Buffer.from(token, "base64url").toString("utf8");
}
