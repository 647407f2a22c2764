import { createHash } from "node:crypto";

import { type Bucket, type Content, currentObject, type ObjectVersion } from "../bucketTable";
import type { Context } from "../context";
import { ServiceError } from "../errors";
import { type Answer, emptyAnswer, xmlAnswer } from "../http/answer";
import { parameter, type ServiceRequest } from "../http/request";
import * as rules from "../objects";
import type { Service } from "../service";
import { ownBucket } from "./access";
import { aclHeader } from "./aclHandlers";
import { checkWriteConditions } from "./conditions";
import { type Deletion, parseDeletion } from "./deletion";
import { versionHeader } from "./readHandlers";
import { resourceOf } from "./resource";
import { document, element, leaf } from "./xml";

/** PUT /bucket/key with the whole body. */
export function putObject(context: Context): Answer {
  const { service, request } = context;
  const bucket = ownBucket(context);
  const { key } = resourceOf(request);
  checkKey(key);
  checkUpload(request);
  checkWriteConditions(request.headers, currentObject(bucket, key));
  const content: Content = {
    ...rules.contentOf(request.body, keptHeaders(request)),
    acl: aclHeader(request),
  };
  const version = rules.storeObject(service, bucket, key, content);
  return emptyAnswer(200, { ETag: version.etag, ...versionHeader(bucket, version) });
}

/** DELETE /bucket/key. A missing object is not an error, as in S3. */
export function deleteObject(context: Context): Answer {
  const { service, request } = context;
  const { key } = resourceOf(request);
  const bucket = ownBucket(context);
  const versionId = parameter(request, "versionId");
  if (request.headers.has("if-match")) {
    checkWriteConditions(request.headers, currentObject(bucket, key));
  }
  const affected = removal(service, bucket, { key, versionId });
  const headers = affected === undefined ? {} : versionHeader(bucket, affected);
  return emptyAnswer(204, {
    ...headers,
    ...(affected?.marker && { "x-amz-delete-marker": "true" }),
  });
}

/** POST /bucket?delete */
export function deleteObjects(context: Context): Answer {
  const bucket = ownBucket(context);
  const { objects, quiet } = parseDeletion(context.request.body);
  const rows = objects.map((object) => {
    const { key, versionId } = object;
    const affected = removal(context.service, bucket, object);
    const version = versionId === undefined ? [] : [leaf("VersionId", versionId)];
    const marker = affected?.marker
      ? [leaf("DeleteMarker", true), leaf("DeleteMarkerVersionId", affected.versionId)]
      : [];
    return element("Deleted", leaf("Key", key), ...version, ...marker);
  });
  return xmlAnswer(document("DeleteResult", ...(quiet ? [] : rows)));
}

/** @returns the deleted version or delete marker, or the new delete marker */
function removal(
  service: Service,
  bucket: Bucket,
  { key, versionId }: Deletion["objects"][number],
): ObjectVersion | undefined {
  if (versionId !== undefined) return rules.removeVersion(service, bucket, key, versionId);
  return rules.deleteObject(service, bucket, key);
}

/** @throws ServiceError KeyTooLongError */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > 1024) {
    throw new ServiceError("KeyTooLongError", "A key has at most 1024 bytes");
  }
}

/** Checks the body of an object or part. @throws ServiceError BadDigest */
export function checkUpload(request: ServiceRequest): void {
  const md5 = request.headers.get("content-md5");
  if (md5 !== undefined && md5 !== createHash("md5").update(request.body).digest("base64")) {
    throw new ServiceError("BadDigest", "The body does not have the MD5 of Content-MD5");
  }
}

const keptNames = [
  ...["content-type", "content-encoding", "content-disposition", "content-language"],
  ...["cache-control", "expires", "x-amz-storage-class"],
];

/** The headers that are stored and returned with an object. */
export function keptHeaders({ headers }: ServiceRequest): Record<string, string> {
  const kept = [...headers].filter(
    ([name]) => keptNames.includes(name) || name.startsWith("x-amz-meta-"),
  );
  return Object.fromEntries(kept);
}
