import { createBucket as makeBucket, deleteBucket as dropBucket } from "../buckets";
import type { Context } from "../context";
import { type Answer, emptyAnswer, xmlAnswer } from "../http/answer";
import type { User } from "../userTable";
import { ownBucket, supervisedBucket } from "./access";
import { resourceOf } from "./resource";
import { document, element, leaf, parseXml } from "./xml";

/** GET / */
export function listBuckets({ service, caller }: Context): Answer {
  const buckets = service.buckets.ownedBy(caller.userId);
  const rows = buckets
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, createdMs }) =>
      element("Bucket", leaf("Name", name), leaf("CreationDate", isoDate(createdMs))),
    );
  return xmlAnswer(
    document("ListAllMyBucketsResult", ownerXml(caller), element("Buckets", ...rows)),
  );
}

/** PUT /bucket. A location in the body is read and ignored: the guides know only US East. */
export function createBucket({ service, request, caller }: Context): Answer {
  const { bucket } = resourceOf(request);
  if (request.body.length > 0) parseXml(request.body);
  makeBucket(service, bucket, caller);
  return emptyAnswer(200, { Location: `/${bucket}` });
}

/** DELETE /bucket (vendor guide 3.2.6). */
export function deleteBucket(context: Context): Answer {
  dropBucket(context.service, supervisedBucket(context));
  return emptyAnswer(204);
}

/** HEAD /bucket */
export function headBucket(context: Context): Answer {
  supervisedBucket(context);
  return emptyAnswer(200);
}

/** GET /bucket?location; empty means US East, as the guides print it. */
export function getBucketLocation(context: Context): Answer {
  ownBucket(context);
  return xmlAnswer(document("LocationConstraint"));
}

/** GET /bucket?versioning; only `cluster` makes versions. */
export function getBucketVersioning(context: Context): Answer {
  const versioned = ownBucket(context).oldVersions.length > 0;
  const status = versioned ? [leaf("Status", "Enabled")] : [];
  return xmlAnswer(document("VersioningConfiguration", ...status));
}

/** GET /bucket?acl; the owner has all rights, as no other list can be set. */
export function getBucketAcl(context: Context): Answer {
  ownBucket(context);
  const owner = ownerXml(context.caller);
  const type = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"';
  const grantee = `<Grantee ${type}>${leaf("ID", context.caller.userId)}</Grantee>`;
  const grant = element("Grant", grantee, leaf("Permission", "FULL_CONTROL"));
  return xmlAnswer(document("AccessControlPolicy", owner, element("AccessControlList", grant)));
}

/** An `Owner` element. */
export function ownerXml({ userId, emailAddress }: User): string {
  return element("Owner", leaf("ID", userId), leaf("DisplayName", emailAddress));
}

/** ISO 8601 with milliseconds. */
export function isoDate(ms: number): string {
  return new Date(ms).toISOString();
}
