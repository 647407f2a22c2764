import type { Call, Context, Handler } from "../context";
import { ServiceError } from "../errors";
import { hasParameter, parameter, type ServiceRequest } from "../http/request";
import { ownBucket } from "./access";
import * as acls from "./aclHandlers";
import * as buckets from "./bucketHandlers";
import { copyObject } from "./copyHandlers";
import * as lists from "./listHandlers";
import { isUnsupported, notImplemented, refuseUnsupportedHeaders } from "./notImplemented";
import * as objects from "./objectHandlers";
import { getObject, headObject } from "./readHandlers";
import { resourceOf } from "./resource";
import * as uploads from "./uploadHandlers";
import { listMultipartUploads, listParts } from "./uploadLists";

const handlers = {
  ListBuckets: buckets.listBuckets,
  CreateBucket: buckets.createBucket,
  DeleteBucket: buckets.deleteBucket,
  HeadBucket: buckets.headBucket,
  GetBucketAcl: acls.getBucketAcl,
  PutBucketAcl: acls.putBucketAcl,
  GetBucketLocation: buckets.getBucketLocation,
  GetBucketVersioning: buckets.getBucketVersioning,
  PutBucketVersioning: buckets.putBucketVersioning,
  ListObjects: lists.listObjects,
  ListObjectsV2: lists.listObjectsV2,
  ListObjectVersions: lists.listObjectVersions,
  PutObject: objects.putObject,
  CopyObject: copyObject,
  GetObject: getObject,
  HeadObject: headObject,
  DeleteObject: objects.deleteObject,
  DeleteObjects: objects.deleteObjects,
  GetObjectAcl: acls.getObjectAcl,
  PutObjectAcl: acls.putObjectAcl,
  CreateMultipartUpload: uploads.createMultipartUpload,
  UploadPart: uploads.uploadPart,
  UploadPartCopy: uploads.uploadPartCopy,
  CompleteMultipartUpload: uploads.completeMultipartUpload,
  AbortMultipartUpload: uploads.abortMultipartUpload,
  ListMultipartUploads: listMultipartUploads,
  ListParts: listParts,
} satisfies Record<string, Handler>;

type Name = keyof typeof handlers;
type Calls = Record<string, Name>;
type Kind = "service" | "bucket" | "object";

/** Calls by subresource and verb. The first subresource in the query decides. */
const subresourceCalls: Record<Kind, Record<string, Calls>> = {
  service: {},
  bucket: {
    acl: { GET: "GetBucketAcl", PUT: "PutBucketAcl" },
    location: { GET: "GetBucketLocation" },
    versioning: { GET: "GetBucketVersioning", PUT: "PutBucketVersioning" },
    versions: { GET: "ListObjectVersions" },
    uploads: { GET: "ListMultipartUploads" },
    delete: { POST: "DeleteObjects" },
  },
  object: {
    acl: { GET: "GetObjectAcl", PUT: "PutObjectAcl" },
    uploads: { POST: "CreateMultipartUpload" },
    uploadId: {
      ...{ GET: "ListParts", PUT: "UploadPart" },
      ...{ POST: "CompleteMultipartUpload", DELETE: "AbortMultipartUpload" },
    },
    partNumber: { GET: "GetObject", HEAD: "HeadObject" },
  },
};

/** Calls without a subresource, by verb. */
const plainCalls: Record<Kind, Calls> = {
  service: { GET: "ListBuckets" },
  bucket: { HEAD: "HeadBucket", GET: "ListObjects", PUT: "CreateBucket", DELETE: "DeleteBucket" },
  object: { GET: "GetObject", HEAD: "HeadObject", PUT: "PutObject", DELETE: "DeleteObject" },
};

const allSubresources = Object.values(subresourceCalls).flatMap((calls) => Object.keys(calls));

/**
 * Finds the S3 call of a request. An unsupported call returns 501.
 *
 * @throws ServiceError InvalidRequest if it is unclear whether the host names a bucket
 */
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
  const kind = bucket === "" ? "service" : hasKey ? "object" : "bucket";
  if (isUnsupported(request)) return undefined;
  const name = callByVerb(request, kind)?.[request.method];
  if (name === "ListObjects" && parameter(request, "list-type") === "2") return "ListObjectsV2";
  const copies = request.headers.has("x-amz-copy-source");
  if (copies && name === "PutObject") return "CopyObject";
  return copies && name === "UploadPart" ? "UploadPartCopy" : name;
}

/** A subresource of another kind of address makes the call invalid. It is never ignored. */
function callByVerb(request: ServiceRequest, kind: Kind): Calls | undefined {
  const sent = allSubresources.filter((name) => hasParameter(request, name));
  if (sent.length === 0) return plainCalls[kind];
  const calls = subresourceCalls[kind];
  const first = Object.keys(calls).find((name) => sent.includes(name));
  if (first === undefined || sent.some((name) => !Object.hasOwn(calls, name))) return undefined;
  return calls[first];
}

/**
 * Refuses disabled users (vendor guide; the status is assumed), and writes to buckets of others before their body
 * is read.
 */
function admitCaller(name: Name, context: Context): void {
  const { service, request, caller } = context;
  if (caller.state === "disabled") {
    const message = `${caller.emailAddress} is disabled`;
    throw new ServiceError("AccessDenied", message, service.assumptions.disabledUserStatus);
  }
  refuseUnsupportedHeaders(name, request);
  const hasBody = request.method === "PUT" || request.method === "POST";
  if (hasBody && name !== "CreateBucket") ownBucket(context);
}
