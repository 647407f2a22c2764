import type { Bucket } from "../bucketTable";
import type { Context } from "../context";
import { ServiceError } from "../errors";
import { isSystemUser } from "../service";
import { resourceOf } from "./resource";

/** The bucket of a request, which the caller must own. @throws ServiceError NoSuchBucket, AccessDenied */
export function ownBucket(context: Context): Bucket {
  return ownBucketNamed(context, resourceOf(context.request).bucket);
}

/** Another bucket of the caller, such as the source of a copy. @throws as `ownBucket` */
export function ownBucketNamed(context: Context, name: string): Bucket {
  const bucket = existingBucket(context, name);
  if (bucket.ownerId !== context.caller.userId) throw denied(name);
  return bucket;
}

/** Like `ownBucket`, but the system user may list and delete buckets of others if the assumptions allow it. */
export function supervisedBucket(context: Context): Bucket {
  const { service, caller, request } = context;
  const supervisor = isSystemUser(caller) && service.assumptions.systemUserDeletesBuckets;
  return supervisor ? existingBucket(context, resourceOf(request).bucket) : ownBucket(context);
}

/** The error for an unknown bucket. */
export function noSuchBucket(name: string): ServiceError {
  return new ServiceError("NoSuchBucket", `The bucket ${name} does not exist`);
}

function existingBucket({ service, request }: Context, name: string): Bucket {
  const bucket = service.buckets.get(name);
  if (bucket) return bucket;
  const { host } = request;
  if (host.kind !== "bucket" || host.bucket !== name) throw noSuchBucket(name);
  const message = `The bucket ${name}, which the host of the request names, does not exist; if the host is a name of the emulator, start it with --host-name <that name> (option hostNames)`;
  throw new ServiceError("NoSuchBucket", message);
}

function denied(name: string): ServiceError {
  return new ServiceError("AccessDenied", `Only the owner has access to the bucket ${name}`);
}
