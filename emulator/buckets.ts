import type { CannedAcl } from "./acls";
import type { Bucket } from "./bucketTable";
import { ServiceError } from "./errors";
import type { Service } from "./service";
import type { User } from "./userTable";

/**
 * Creates an empty bucket. Names have 3 to 63 characters: lower-case letters, digits, `.` and `-`
 * (a recommendation of the users guide; the refusal is assumed).
 *
 * @throws ServiceError InvalidBucketName, BucketAlreadyOwnedByYou, BucketAlreadyExists
 */
export function createBucket(
  service: Service,
  name: string,
  owner: User,
  acl: CannedAcl = "private",
): void {
  if (!isBucketName(name, service.assumptions.underscoreInBucketNames)) {
    throw new ServiceError("InvalidBucketName", `${name} is not a valid bucket name`);
  }
  const present = service.buckets.get(name);
  if (present) {
    const own = present.ownerId === owner.userId;
    const code = own ? "BucketAlreadyOwnedByYou" : "BucketAlreadyExists";
    throw new ServiceError(code, `The bucket ${name} already exists`);
  }
  service.buckets.create(name, owner.userId, acl);
}

/**
 * Deletes a bucket and, as on Amazon S3, its unfinished multipart uploads.
 *
 * @throws ServiceError BucketNotEmpty, also for versions and delete markers
 */
export function deleteBucket(service: Service, bucket: Bucket): void {
  if (bucket.versions.size > 0) {
    throw new ServiceError("BucketNotEmpty", `The bucket ${bucket.name} is not empty`);
  }
  service.buckets.remove(bucket.name);
}

function isBucketName(name: string, underscore: boolean): boolean {
  const shape = underscore
    ? /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/
    : /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
  return shape.test(name) && !name.includes("..") && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
}
