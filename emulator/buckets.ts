import { createHash } from "node:crypto";

import type { Bucket, StoredObject } from "./bucketTable";
import { ServiceError } from "./errors";
import type { Service } from "./service";
import type { User } from "./userTable";

/**
 * Creates an empty bucket. Names: 3 to 63 characters, lower-case letters, digits, `.` and `-`
 * (users guide; it calls this a recommendation, the refusal is assumed).
 *
 * @throws ServiceError InvalidBucketName, BucketAlreadyOwnedByYou, BucketAlreadyExists
 */
export function createBucket(service: Service, name: string, owner: User): void {
  if (!isBucketName(name, service.assumptions.underscoreInBucketNames)) {
    throw new ServiceError("InvalidBucketName", `${name} is not a name for a bucket`);
  }
  const present = service.buckets.get(name);
  if (present) {
    const own = present.ownerId === owner.userId;
    const code = own ? "BucketAlreadyOwnedByYou" : "BucketAlreadyExists";
    throw new ServiceError(code, `The bucket ${name} exists already`);
  }
  service.buckets.create(name, owner.userId);
}

/** Deletes a bucket. @throws ServiceError BucketNotEmpty, also for versions and delete markers */
export function deleteBucket(service: Service, bucket: Bucket): void {
  if (bucket.objects.size > 0 || bucket.oldVersions.length > 0) {
    throw new ServiceError("BucketNotEmpty", `The bucket ${bucket.name} is not empty`);
  }
  service.buckets.remove(bucket.name);
}

/** Makes an object of a body; `headers` are kept and given back on reading. */
export function createObject(
  service: Service,
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): StoredObject {
  const etag = `"${createHash("md5").update(body).digest("hex")}"`;
  return { body, etag, modifiedMs: service.clock(), headers };
}

function isBucketName(name: string, underscore: boolean): boolean {
  const shape = underscore
    ? /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/
    : /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
  return shape.test(name) && !name.includes("..") && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
}
