import type { Context } from "../context";
import { ServiceError } from "../errors";
import type { Answer } from "../http/answer";
import { hasParameter, type ServiceRequest } from "../http/request";
import { resourceOf } from "./resource";

/** What S3 calls the operations behind a query word: what follows the verb, of a bucket and of an object. */
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

/** Words whose operation is named without a verb. */
const names: Record<string, string> = {
  append: "AppendObject",
  renameObject: "RenameObject",
  restore: "RestoreObject",
  select: "SelectObjectContent",
  session: "CreateSession",
};

const verbs: Record<string, string> = { GET: "Get", HEAD: "Head", PUT: "Put", DELETE: "Delete" };

/** Headers that ask for more than the emulator does: stored without it, an object would not be what it seems. */
const unservedHeaders =
  /^x-amz-(server-side-encryption|copy-source-server-side-encryption|object-lock-|bucket-object-lock-|object-ownership$|tagging$|website-redirect-location$|grant-|write-offset-bytes$)/;

/** Whether the query of a request asks for an operation that the emulator lacks. */
export function asksForUnserved(request: ServiceRequest): boolean {
  return unservedWord(request) !== undefined;
}

/** Answers a request whose operation the emulator lacks. @throws ServiceError NotImplemented */
export function notImplemented({ request }: Context): Answer {
  const { method, target } = request;
  const name = operationName(request) ?? "this call of S3";
  const path = target.replace(/\b(X-Amz-Signature|Signature)=[^&]*/g, "$1=***");
  const message = `The emulator does not implement ${name} (${method} ${path})`;
  throw new ServiceError("NotImplemented", message);
}

/** @throws ServiceError NotImplemented for a header that can't be honoured */
export function refuseUnservedHeaders(operation: string, { headers }: ServiceRequest): void {
  // Some clients name what they don't want.
  const asking = [...headers].find(
    ([name, value]) => unservedHeaders.test(name) && value !== "false",
  );
  if (asking === undefined) return;
  const [name] = asking;
  const message = `The emulator does not implement ${operation} with the header ${name}`;
  throw new ServiceError("NotImplemented", message);
}

function operationName(request: ServiceRequest): string | undefined {
  const word = unservedWord(request);
  const verb = verbs[request.method];
  if (word !== undefined && names[word] !== undefined) return names[word];
  const noun = word === undefined ? undefined : nouns[word];
  if (noun === undefined || verb === undefined) return undefined;
  if (typeof noun === "string") return `${verb}${noun}`;
  return `${verb}${resourceOf(request).hasKey ? noun.object : noun.bucket}`;
}

function unservedWord(request: ServiceRequest): string | undefined {
  const words = [...Object.keys(nouns), ...Object.keys(names)];
  return words.find((word) => hasParameter(request, word));
}
