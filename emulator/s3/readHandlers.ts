import type { Bucket, ObjectVersion } from "../bucketTable";
import type { Context } from "../context";
import { ServiceError } from "../errors";
import type { Answer } from "../http/answer";
import { hasParameter, parameter, type ServiceRequest } from "../http/request";
import { ownBucket } from "./access";
import { allowsRange, checkReadConditions } from "./conditions";
import { contentRange, readRange, type Slice, sliceOfPart } from "./ranges";
import { resourceOf } from "./resource";

/** GET /bucket/key: the whole object, a range or a part. */
export function getObject(context: Context): Answer {
  const { request } = context;
  const bucket = ownBucket(context);
  const version = storedVersion(bucket, resourceOf(request).key, parameter(request, "versionId"));
  const headers = objectHeaders(bucket, version);
  if (checkReadConditions(request.headers, version)) return { status: 304, headers };
  const slice = wantedSlice(request, version);
  const all = { ...headers, ...contentHeaders(version), ...overrides(request) };
  if (slice === undefined) return { status: 200, headers: all, body: version.body };
  const range = { "Content-Range": contentRange(slice, version.body.length) };
  const body = version.body.subarray(slice.start, slice.end);
  return { status: 206, headers: { ...all, ...partsHeader(request, version), ...range }, body };
}

/** HEAD /bucket/key. For a range it returns 206 and its length, as Amazon S3 does. */
export function headObject(context: Context): Answer {
  const { status, headers, body } = getObject(context);
  if (body === undefined) return { status, headers };
  return { status, headers: { ...headers, "Content-Length": String(body.length) } };
}

/** The version of an object in a request. @throws ServiceError NoSuchKey, NoSuchVersion, MethodNotAllowed */
export function storedVersion(
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): ObjectVersion {
  const versions = bucket.versions.get(key) ?? [];
  const version =
    versionId === undefined
      ? versions.at(-1)
      : versions.find((each) => each.versionId === versionId);
  if (version === undefined) throw noSuchObject(key, versionId);
  if (!version.marker) return version;
  const headers = { "x-amz-delete-marker": "true", "x-amz-version-id": version.versionId };
  if (versionId === undefined) throw noSuchObject(key, undefined, headers);
  const message = `Version ${versionId} of ${key} is a delete marker`;
  throw new ServiceError("MethodNotAllowed", message, undefined, {}, headers);
}

/** `x-amz-version-id`, only for buckets with versioning. */
export function versionHeader(
  { versioning }: Bucket,
  { versionId }: ObjectVersion,
): Record<string, string> {
  return versioning === undefined ? {} : { "x-amz-version-id": versionId };
}

function noSuchObject(key: string, versionId?: string, headers = {}): ServiceError {
  if (versionId === undefined) {
    return new ServiceError(
      "NoSuchKey",
      `The object ${key} does not exist`,
      undefined,
      {},
      headers,
    );
  }
  return new ServiceError("NoSuchVersion", `The version ${versionId} of ${key} does not exist`);
}

/** The range of a part number or `Range`; undefined for the whole body. */
function wantedSlice(request: ServiceRequest, version: ObjectVersion): Slice | undefined {
  const { body, partSizes = [body.length] } = version;
  const part = parameter(request, "partNumber");
  const range = request.headers.get("x-amz-range") ?? request.headers.get("range");
  if (part !== undefined) {
    if (range === undefined) return body.length === 0 ? undefined : sliceOfPart(partSizes, part);
    throw new ServiceError("InvalidRequest", "Range and partNumber exclude each other");
  }
  if (range === undefined || !allowsRange(request.headers, version)) return undefined;
  return readRange(range, body.length);
}

function partsHeader(
  request: ServiceRequest,
  { partSizes }: ObjectVersion,
): Record<string, string> {
  if (partSizes === undefined || !hasParameter(request, "partNumber")) return {};
  return { "x-amz-mp-parts-count": String(partSizes.length) };
}

function objectHeaders(bucket: Bucket, version: ObjectVersion): Record<string, string> {
  return {
    ETag: version.etag,
    "Last-Modified": new Date(version.modifiedMs).toUTCString(),
    "Accept-Ranges": "bytes",
    ...versionHeader(bucket, version),
  };
}

function contentHeaders({ headers }: ObjectVersion): Record<string, string> {
  const {
    "content-type": type = "binary/octet-stream",
    "x-amz-storage-class": storageClass = "STANDARD",
    ...others
  } = headers;
  const shown = storageClass === "STANDARD" ? {} : { "x-amz-storage-class": storageClass };
  return { "Content-Type": type, ...shown, ...others };
}

const replaceable = [
  ...["Content-Type", "content-language", "expires", "cache-control"],
  ...["content-disposition", "content-encoding"],
];

/** `response-content-type` and similar, which presigned downloads set. */
function overrides(request: ServiceRequest): Record<string, string> {
  const entries = replaceable.flatMap((name) => {
    const value = parameter(request, `response-${name.toLowerCase()}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}
