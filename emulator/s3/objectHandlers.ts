import { createHash } from "node:crypto";

import { createObject } from "../buckets";
import type { Bucket, OldVersion, StoredObject } from "../bucketTable";
import type { Context } from "../context";
import { ServiceError } from "../errors";
import { type Answer, emptyAnswer, xmlAnswer } from "../http/answer";
import { parameter, type ServiceRequest } from "../http/request";
import type { Service } from "../service";
import { ownBucket } from "./access";
import { parseDeletion } from "./deletion";
import { resourceOf } from "./resource";
import { document, element, leaf } from "./xml";

/** PUT /bucket/key, the body in one piece. */
export function putObject(context: Context): Answer {
  const { service, request } = context;
  const bucket = ownBucket(context);
  const { key } = resourceOf(request);
  checkUpload(request, key);
  const object = createObject(service, request.body, keptHeaders(request));
  service.buckets.putObject(bucket, key, object);
  return emptyAnswer(200, { ETag: object.etag });
}

/** GET /bucket/key; ranges and conditions are ignored. */
export function getObject(context: Context): Answer {
  const { body, ...object } = existingObject(context);
  return { status: 200, headers: objectHeaders(object), body };
}

/** HEAD /bucket/key */
export function headObject(context: Context): Answer {
  const { body, ...object } = existingObject(context);
  const headers = { ...objectHeaders(object), "Content-Length": String(body.length) };
  return { status: 200, headers };
}

/** DELETE /bucket/key; a missing object is no error, as in S3. */
export function deleteObject(context: Context): Answer {
  const { key } = resourceOf(context.request);
  const versionId = parameter(context.request, "versionId");
  removeVersion(context.service, ownBucket(context), key, versionId);
  return emptyAnswer(204);
}

/** POST /bucket?delete */
export function deleteObjects(context: Context): Answer {
  const bucket = ownBucket(context);
  const { objects, quiet } = parseDeletion(context.request.body);
  for (const { key, versionId } of objects) {
    removeVersion(context.service, bucket, key, versionId);
  }
  const rows = objects.map(({ key, versionId }) => {
    const version = versionId === undefined ? [] : [leaf("VersionId", versionId)];
    return element("Deleted", leaf("Key", key), ...version);
  });
  return xmlAnswer(document("DeleteResult", ...(quiet ? [] : rows)));
}

/** Nothing but `cluster` makes versions, so an object put by S3 has the version "null". */
function removeVersion(service: Service, bucket: Bucket, key: string, versionId = "null"): void {
  if (versionId === "null") {
    service.buckets.removeObject(bucket, key);
    return;
  }
  const fits = (old: OldVersion) => old.key === key && old.versionId === versionId;
  const version = bucket.oldVersions.find(fits);
  if (version) service.buckets.removeVersion(bucket, version);
}

function existingObject(context: Context): StoredObject {
  const bucket = ownBucket(context);
  const { key } = resourceOf(context.request);
  const versionId = parameter(context.request, "versionId") ?? "null";
  if (versionId !== "null") {
    throw new ServiceError("NoSuchVersion", "Bodies of old versions are not kept");
  }
  const object = bucket.objects.get(key);
  if (object === undefined) throw new ServiceError("NoSuchKey", `There is no object ${key}`);
  return object;
}

function checkUpload(request: ServiceRequest, key: string): void {
  if (Buffer.byteLength(key) > 1024) {
    throw new ServiceError("KeyTooLongError", "A key has 1024 bytes at most");
  }
  const md5 = request.headers.get("content-md5");
  if (md5 !== undefined && md5 !== createHash("md5").update(request.body).digest("base64")) {
    throw new ServiceError("BadDigest", "The body doesn't have the MD5 that was sent");
  }
}

function keptHeaders({ headers }: ServiceRequest): Record<string, string> {
  const kept = [...headers].filter(
    ([name]) => name === "content-type" || name.startsWith("x-amz-meta-"),
  );
  return Object.fromEntries(kept);
}

function objectHeaders(object: Omit<StoredObject, "body">): Record<string, string> {
  const { "content-type": type = "binary/octet-stream", ...meta } = object.headers;
  return {
    "Content-Type": type,
    ETag: object.etag,
    "Last-Modified": new Date(object.modifiedMs).toUTCString(),
    ...meta,
  };
}
