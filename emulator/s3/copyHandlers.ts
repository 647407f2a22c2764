import { currentObject } from "../bucketTable";
import type { Context } from "../context";
import { ServiceError } from "../errors";
import { type Answer, xmlAnswer } from "../http/answer";
import type { ServiceRequest } from "../http/request";
import { contentOf, storeObject } from "../objects";
import { ownBucket } from "./access";
import { aclHeader } from "./aclHandlers";
import { checkWriteConditions } from "./conditions";
import { copySource, type CopySource } from "./copySource";
import { checkKey, keptHeaders } from "./objectHandlers";
import { versionHeader } from "./readHandlers";
import { resourceOf } from "./resource";
import { document, isoDate, leaf } from "./xml";

/** PUT /bucket/key with `x-amz-copy-source`. */
export function copyObject(context: Context): Answer {
  const { service, request } = context;
  const bucket = ownBucket(context);
  const { key } = resourceOf(request);
  checkKey(key);
  const source = copySource(context);
  const replaces = replacesMetadata(request);
  if (source.bucket === bucket && source.key === key) checkSelfCopy(request, source, replaces);
  checkWriteConditions(request.headers, currentObject(bucket, key));
  const headers = copiedHeaders(request, source, replaces);
  const content = { ...contentOf(source.version.body, headers), acl: aclHeader(request) };
  const version = storeObject(service, bucket, key, content);
  const facts = [leaf("LastModified", isoDate(version.modifiedMs)), leaf("ETag", version.etag)];
  const sent = { ...source.headers, ...versionHeader(bucket, version) };
  return xmlAnswer(document("CopyObjectResult", ...facts), sent);
}

function replacesMetadata({ headers }: ServiceRequest): boolean {
  const directive = headers.get("x-amz-metadata-directive") ?? "COPY";
  if (directive !== "COPY" && directive !== "REPLACE") {
    const message = `x-amz-metadata-directive must be COPY or REPLACE, not ${directive}`;
    throw new ServiceError("InvalidArgument", message);
  }
  return directive === "REPLACE";
}

/** A copy of an object onto itself must change something. A copy of an older version restores it. */
function checkSelfCopy(request: ServiceRequest, source: CopySource, replaces: boolean): void {
  const changes = replaces || source.hasVersion || request.headers.has("x-amz-storage-class");
  if (changes) return;
  const message =
    "A copy of an object onto itself must change its metadata (x-amz-metadata-directive: REPLACE) or storage class";
  throw new ServiceError("InvalidRequest", message);
}

/** Copies the metadata unless it is replaced. Never copies the storage class. */
function copiedHeaders(request: ServiceRequest, { version }: CopySource, replaces: boolean) {
  const sent = keptHeaders(request);
  if (replaces) return sent;
  const { "x-amz-storage-class": storageClass } = sent;
  const { "x-amz-storage-class": _, ...copied } = version.headers;
  return storageClass === undefined ? copied : { ...copied, "x-amz-storage-class": storageClass };
}
