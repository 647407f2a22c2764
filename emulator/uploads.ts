import { createHash } from "node:crypto";

import type { Bucket, Content, ObjectVersion, Part, Upload } from "./bucketTable";
import { ServiceError } from "./errors";
import { md5, storeObject } from "./objects";
import { isSameEtag } from "./s3/conditions";
import { nextCount, type Service } from "./service";

/** Amazon S3: every part except the last has at least 5 MiB. */
const smallestPart = 5 * 1024 * 1024;

/** A part in the request that completes an upload. */
export interface NamedPart {
  readonly number: number;
  /** With or without quotes. */
  readonly etag: string;
}

/** Starts a multipart upload. `like` has the other properties of the object. */
export function startUpload(
  service: Service,
  bucket: Bucket,
  key: string,
  like: Pick<Upload, "headers" | "acl">,
): Upload {
  const uploadId = service.ids.uploadId(nextCount(service, "upload"));
  const upload = { uploadId, key, startedMs: service.clock(), ...like, parts: new Map() };
  service.buckets.putUpload(bucket, upload);
  return upload;
}

/** Stores a part, or replaces the part with the same number. */
export function storePart(service: Service, upload: Upload, number: number, body: Buffer): Part {
  const part = { body, etag: `"${md5(body)}"`, modifiedMs: service.clock() };
  service.buckets.putPart(upload, number, part);
  return part;
}

/**
 * Joins the named parts to one object and discards the others.
 *
 * @throws ServiceError InvalidPartOrder, InvalidPart, EntityTooSmall; the upload continues to exist
 */
export function completeUpload(
  service: Service,
  bucket: Bucket,
  upload: Upload,
  named: readonly NamedPart[],
): ObjectVersion {
  const parts = named.map((name, index) => {
    if (name.number <= (named[index - 1]?.number ?? 0)) throw wrongOrder();
    return namedPart(upload, name);
  });
  for (const [index, { body }] of parts.entries()) {
    if (index < parts.length - 1 && body.length < smallestPart) throw tooSmall(named[index]);
  }
  const version = storeObject(service, bucket, upload.key, joined(upload, parts));
  service.buckets.removeUpload(bucket, upload);
  return version;
}

function joined({ headers, acl }: Upload, parts: readonly Part[]): Content {
  const hash = createHash("md5");
  for (const { etag } of parts) hash.update(Buffer.from(etag.replaceAll('"', ""), "hex"));
  return {
    body: Buffer.concat(parts.map(({ body }) => body)),
    etag: `"${hash.digest("hex")}-${parts.length}"`,
    headers,
    acl,
    partSizes: parts.map(({ body }) => body.length),
  };
}

function namedPart(upload: Upload, { number, etag }: NamedPart): Part {
  const part = upload.parts.get(number);
  if (part && isSameEtag(part.etag, etag)) return part;
  const reason = part ? "has another ETag" : "was not uploaded";
  throw new ServiceError("InvalidPart", `Part ${number} of the upload ${reason}`);
}

function wrongOrder(): ServiceError {
  return new ServiceError("InvalidPartOrder", "The parts are not in ascending order");
}

function tooSmall(named: NamedPart | undefined): ServiceError {
  const message = `Part ${named?.number ?? 0} is smaller than 5 MiB; only the last part may be`;
  return new ServiceError("EntityTooSmall", message);
}
