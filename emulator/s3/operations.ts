import type { Call, Context, Handler } from "../context";
import { ServiceError } from "../errors";
import { hasParameter, parameter, type ServiceRequest } from "../http/request";
import { ownBucket } from "./access";
import * as buckets from "./bucketHandlers";
import * as lists from "./listHandlers";
import * as objects from "./objectHandlers";
import { resourceOf } from "./resource";

const handlers = {
  ListBuckets: buckets.listBuckets,
  CreateBucket: buckets.createBucket,
  DeleteBucket: buckets.deleteBucket,
  HeadBucket: buckets.headBucket,
  GetBucketAcl: buckets.getBucketAcl,
  GetBucketLocation: buckets.getBucketLocation,
  GetBucketVersioning: buckets.getBucketVersioning,
  ListObjects: lists.listObjects,
  ListObjectsV2: lists.listObjectsV2,
  ListObjectVersions: lists.listObjectVersions,
  ListMultipartUploads: lists.listMultipartUploads,
  PutObject: objects.putObject,
  GetObject: objects.getObject,
  HeadObject: objects.headObject,
  DeleteObject: objects.deleteObject,
  DeleteObjects: objects.deleteObjects,
} satisfies Record<string, Handler>;

type Name = keyof typeof handlers;

/** Query words that make another call of a request to a bucket, and the verb they take. */
const bucketWords: Record<string, Record<string, Name>> = {
  acl: { GET: "GetBucketAcl" },
  location: { GET: "GetBucketLocation" },
  versioning: { GET: "GetBucketVersioning" },
  versions: { GET: "ListObjectVersions" },
  uploads: { GET: "ListMultipartUploads" },
  delete: { POST: "DeleteObjects" },
};

/** What an address without such words means, by verb. */
const plainCalls: Record<"service" | "bucket" | "object", Record<string, Name>> = {
  service: { GET: "ListBuckets" },
  bucket: { HEAD: "HeadBucket", PUT: "CreateBucket", DELETE: "DeleteBucket" },
  object: { GET: "GetObject", HEAD: "HeadObject", PUT: "PutObject", DELETE: "DeleteObject" },
};

const leftOutWords = [
  ...["accelerate", "analytics", "cors", "encryption", "inventory", "legal-hold", "lifecycle"],
  ...["logging", "metrics", "notification", "object-lock", "ownershipControls", "partNumber"],
  ...["policy", "policyStatus", "publicAccessBlock", "replication", "requestPayment", "restore"],
  ...["retention", "select", "tagging", "torrent", "uploadId", "website"],
];

/** Finds the S3 call in a request; one that the emulator lacks becomes a 501 of its own. */
export function s3Call(request: ServiceRequest): Call {
  const name = callName(request);
  if (name === undefined) {
    return { operation: "s3:NotImplemented", admit: notImplemented, handler: notImplemented };
  }
  const admit = (context: Context) => {
    admitCaller(name, context);
  };
  return { operation: `s3:${name}`, admit, handler: handlers[name] };
}

function callName(request: ServiceRequest): Name | undefined {
  const { bucket, hasKey } = resourceOf(request);
  const { method } = request;
  if (leftOutWords.some((word) => hasParameter(request, word))) return undefined;
  if (request.headers.has("x-amz-copy-source")) return undefined;
  const word = Object.keys(bucketWords).find((name) => hasParameter(request, name));
  if (word !== undefined) return hasKey ? undefined : bucketWords[word]?.[method];
  if (hasKey) return plainCalls.object[method];
  if (bucket === "") return plainCalls.service[method];
  if (method !== "GET") return plainCalls.bucket[method];
  return parameter(request, "list-type") === "2" ? "ListObjectsV2" : "ListObjects";
}

/**
 * The guides say that disabling switches access to S3 off; the status of it is assumed. What brings a body into a
 * bucket needs the right to do so before the body is read.
 */
function admitCaller(name: Name, context: Context): void {
  const { service, request, caller } = context;
  if (caller.state === "disabled") {
    const { disabledUserStatus } = service.assumptions;
    throw new ServiceError(
      "AccessDenied",
      `${caller.emailAddress} is disabled`,
      disabledUserStatus,
    );
  }
  const hasBody = request.method === "PUT" || request.method === "POST";
  if (hasBody && name !== "CreateBucket") ownBucket(context);
}

function notImplemented({ request }: Context): never {
  const message = `The emulator has no such call of S3: ${request.method} ${request.rawPath}`;
  throw new ServiceError("NotImplemented", message);
}
