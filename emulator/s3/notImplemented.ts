import type { Context } from "../context";
import { ServiceError } from "../errors";
import type { Answer } from "../http/answer";
import { hasParameter, type ServiceRequest } from "../http/request";
import { resourceOf } from "./resource";

/** Names of the operations of a subresource, without the verb, for a bucket and for an object. */
const nouns: Record<string, string | { readonly bucket: string; readonly object: string }> = {
  accelerate: "BucketAccelerateConfiguration",
  analytics: "BucketAnalyticsConfiguration",
  attributes: "ObjectAttributes",
  cors: "BucketCors",
  encryption: "BucketEncryption",
  "intelligent-tiering": "BucketIntelligentTieringConfiguration",
  inventory: "BucketInventoryConfiguration",
  "legal-hold": "ObjectLegalHold",
  lifecycle: "BucketLifecycleConfiguration",
  logging: "BucketLogging",
  metadataConfiguration: "BucketMetadataConfiguration",
  metadataTable: "BucketMetadataTableConfiguration",
  metrics: "BucketMetricsConfiguration",
  notification: "BucketNotificationConfiguration",
  "object-lock": "ObjectLockConfiguration",
  ownershipControls: "BucketOwnershipControls",
  policy: "BucketPolicy",
  policyStatus: "BucketPolicyStatus",
  publicAccessBlock: "PublicAccessBlock",
  replication: "BucketReplication",
  requestPayment: "BucketRequestPayment",
  retention: "ObjectRetention",
  tagging: { bucket: "BucketTagging", object: "ObjectTagging" },
  torrent: "ObjectTorrent",
  website: "BucketWebsite",
};

/** Subresources whose operation has no verb in its name. */
const names: Record<string, string> = {
  append: "AppendObject",
  renameObject: "RenameObject",
  restore: "RestoreObject",
  select: "SelectObjectContent",
  session: "CreateSession",
};

const verbs: Record<string, string> = { GET: "Get", HEAD: "Head", PUT: "Put", DELETE: "Delete" };

/** Headers for unsupported features. Ignoring them would store a different object than requested. */
const unsupportedHeaders =
  /^x-amz-(server-side-encryption|copy-source-server-side-encryption|object-lock-|bucket-object-lock-|object-ownership$|tagging$|website-redirect-location$|grant-|write-offset-bytes$)/;

/** Whether the query of a request has an unsupported subresource. */
export function isUnsupported(request: ServiceRequest): boolean {
  return unsupportedSubresource(request) !== undefined;
}

/** Refuses an unsupported operation. @throws ServiceError NotImplemented */
export function notImplemented({ request }: Context): Answer {
  const { method, target } = request;
  const name = operationName(request) ?? "this S3 call";
  const path = target.replace(/\b(X-Amz-Signature|Signature)=[^&]*/g, "$1=***");
  const message = `The emulator does not implement ${name} (${method} ${path})`;
  throw new ServiceError("NotImplemented", message);
}

/** @throws ServiceError NotImplemented for an unsupported header */
export function refuseUnsupportedHeaders(operation: string, { headers }: ServiceRequest): void {
  // Some clients send a header to disable a feature.
  const unsupported = [...headers].find(
    ([name, value]) => unsupportedHeaders.test(name) && value !== "false",
  );
  if (unsupported === undefined) return;
  const [name] = unsupported;
  const message = `The emulator does not implement ${operation} with the header ${name}`;
  throw new ServiceError("NotImplemented", message);
}

function operationName(request: ServiceRequest): string | undefined {
  const subresource = unsupportedSubresource(request);
  const verb = verbs[request.method];
  if (subresource !== undefined && names[subresource] !== undefined) return names[subresource];
  const noun = subresource === undefined ? undefined : nouns[subresource];
  if (noun === undefined || verb === undefined) return undefined;
  if (typeof noun === "string") return `${verb}${noun}`;
  return `${verb}${resourceOf(request).hasKey ? noun.object : noun.bucket}`;
}

function unsupportedSubresource(request: ServiceRequest): string | undefined {
  const subresources = [...Object.keys(nouns), ...Object.keys(names)];
  return subresources.find((each) => hasParameter(request, each));
}
