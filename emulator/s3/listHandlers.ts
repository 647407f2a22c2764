import { type Bucket, currentObject, type ObjectVersion } from "../bucketTable";
import type { Context } from "../context";
import { type Answer, xmlAnswer } from "../http/answer";
import { parameter } from "../http/request";
import { supervisedBucket } from "./access";
import { compareKeys, type ListQuery, type Page, takePage } from "./listing";
import { bucketOwner, commonPrefixes, listHead, listQuery, textCoder } from "./listQuery";
import { document, element, isoDate, leaf, ownerXml } from "./xml";

interface Entry {
  readonly key: string;
  readonly version: ObjectVersion;
}

interface VersionEntry extends Entry {
  readonly id: string;
  readonly latest: boolean;
}

type Coder = (text: string) => string;

/** GET /bucket */
export function listObjects(context: Context): Answer {
  const query = listQuery(context.request, parameter(context.request, "marker") ?? "");
  const page = takePage(currentObjects(supervisedBucket(context)), query);
  const code = textCoder(context.request);
  const next = page.truncated ? [leaf("NextMarker", code(page.last))] : [];
  const owner = ownerXml(bucketOwner(context));
  const content = [leaf("Marker", code(query.after)), ...next, ...rows(page, code, owner)];
  return result("ListBucketResult", context, query, page, content);
}

/** GET /bucket?list-type=2 */
export function listObjectsV2(context: Context): Answer {
  const { request } = context;
  const token = parameter(request, "continuation-token");
  const startAfter = parameter(request, "start-after");
  const after = token === undefined ? startAfter : readToken(token);
  const query = listQuery(request, after ?? "");
  const page = takePage(currentObjects(supervisedBucket(context)), query);
  const code = textCoder(request);
  const owner = parameter(request, "fetch-owner") === "true" ? ownerXml(bucketOwner(context)) : "";
  const content = [
    leaf("KeyCount", page.items.length + page.commonPrefixes.length),
    ...(startAfter === undefined ? [] : [leaf("StartAfter", code(startAfter))]),
    ...(token === undefined ? [] : [leaf("ContinuationToken", token)]),
    ...(page.truncated ? [leaf("NextContinuationToken", writeToken(page.last))] : []),
    ...rows(page, code, owner),
  ];
  return result("ListBucketResult", context, query, page, content);
}

/** GET /bucket?versions. Objects stored without versioning have the version "null". */
export function listObjectVersions(context: Context): Answer {
  const { request } = context;
  const afterId = parameter(request, "version-id-marker");
  const query = { ...listQuery(request, parameter(request, "key-marker") ?? ""), afterId };
  const page = takePage(allVersions(supervisedBucket(context)), query);
  const code = textCoder(request);
  const nextId = page.lastId === undefined ? [] : [leaf("NextVersionIdMarker", page.lastId)];
  const next = page.truncated ? [leaf("NextKeyMarker", code(page.last)), ...nextId] : [];
  const owner = ownerXml(bucketOwner(context));
  const versions = page.items.map((entry) => versionXml(entry, code, owner));
  const marker = leaf("VersionIdMarker", afterId ?? "");
  const content = [leaf("KeyMarker", code(query.after)), marker, ...next, ...versions];
  return result("ListVersionsResult", context, query, page, content);
}

function result(
  root: string,
  context: Context,
  query: ListQuery,
  page: Page<Entry>,
  content: string[],
): Answer {
  const { request } = context;
  const name = leaf("Name", supervisedBucket(context).name);
  const head = listHead(request, query, page.truncated);
  return xmlAnswer(document(root, name, ...head, ...content, ...commonPrefixes(request, page)));
}

function rows(page: Page<Entry>, code: Coder, owner: string): string[] {
  return page.items.map(({ key, version }) =>
    element("Contents", leaf("Key", code(key)), ...facts(version), owner),
  );
}

function versionXml({ key, version, latest }: VersionEntry, code: Coder, owner: string): string {
  const start = [
    leaf("Key", code(key)),
    leaf("VersionId", version.versionId),
    leaf("IsLatest", latest),
  ];
  if (!version.marker) return element("Version", ...start, ...facts(version), owner);
  const modified = leaf("LastModified", isoDate(version.modifiedMs));
  return element("DeleteMarker", ...start, modified, owner);
}

function facts({ modifiedMs, etag, body, headers }: ObjectVersion): string[] {
  return [
    leaf("LastModified", isoDate(modifiedMs)),
    leaf("ETag", etag),
    leaf("Size", body.length),
    leaf("StorageClass", headers["x-amz-storage-class"] ?? "STANDARD"),
  ];
}

function currentObjects(bucket: Bucket): Entry[] {
  return sortedKeys(bucket).flatMap((key) => {
    const version = currentObject(bucket, key);
    return version ? [{ key, version }] : [];
  });
}

/** By key, the newest first. */
function allVersions(bucket: Bucket): VersionEntry[] {
  return sortedKeys(bucket).flatMap((key) => {
    const versions = [...(bucket.versions.get(key) ?? [])].reverse();
    return versions.map((version, index) => {
      return { key, version, id: version.versionId, latest: index === 0 };
    });
  });
}

function sortedKeys({ versions }: Bucket): string[] {
  return [...versions.keys()].sort(compareKeys);
}

function writeToken(last: string): string {
  return Buffer.from(last).toString("base64url");
}

function readToken(token: string): string {
  return Buffer.from(token, "base64url").toString("utf8");
}
