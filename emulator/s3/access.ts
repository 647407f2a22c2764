import type { Bucket } from "../bucketTable";
import type { Context } from "../context";
import { ServiceError } from "../errors";
import { isSystemUser } from "../service";
import { resourceOf } from "./resource";

/** The bucket of a request by its owner. @throws ServiceError NoSuchBucket, AccessDenied */
export function ownBucket(context: Context): Bucket {
  const bucket = existingBucket(context);
  if (bucket.ownerId !== context.caller.userId) throw denied(bucket.name);
  return bucket;
}

/** The same, and open to the system user where the assumptions say so: to look in and to delete. */
export function supervisedBucket(context: Context): Bucket {
  const { service, caller } = context;
  const supervisor = isSystemUser(caller) && service.assumptions.systemUserDeletesBuckets;
  return supervisor ? existingBucket(context) : ownBucket(context);
}

/** The error for a bucket nobody has. */
export function noSuchBucket(name: string): ServiceError {
  return new ServiceError("NoSuchBucket", `There is no bucket ${name}`);
}

function existingBucket({ service, request }: Context): Bucket {
  const { bucket: name } = resourceOf(request);
  const bucket = service.buckets.get(name);
  if (bucket === undefined) throw noSuchBucket(name);
  return bucket;
}

function denied(name: string): ServiceError {
  return new ServiceError("AccessDenied", `Only the owner has access to the bucket ${name}`);
}
