import { z } from "zod";

import * as rules from "../buckets";
import type { Context } from "../context";
import { ServiceError } from "../errors";
import { type Answer, emptyAnswer, xmlAnswer } from "../http/answer";
import { ownBucket, supervisedBucket } from "./access";
import { aclHeader } from "./aclHandlers";
import { resourceOf } from "./resource";
import { document, element, isoDate, leaf, malformed, ownerXml, parseXml } from "./xml";

const versioningShape = z.object({
  VersioningConfiguration: z.object({
    Status: z.enum(["Enabled", "Suspended"]),
    MfaDelete: z.string().optional(),
  }),
});

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

/** PUT /bucket. A location in the body is ignored, because the guides only have US East. */
export function createBucket({ service, request, caller }: Context): Answer {
  const { bucket } = resourceOf(request);
  if (request.body.length > 0) parseXml(request.body);
  rules.createBucket(service, bucket, caller, aclHeader(request));
  return emptyAnswer(200, { Location: `/${bucket}` });
}

/** DELETE /bucket (vendor guide 3.2.6). */
export function deleteBucket(context: Context): Answer {
  rules.deleteBucket(context.service, supervisedBucket(context));
  return emptyAnswer(204);
}

/** HEAD /bucket */
export function headBucket(context: Context): Answer {
  supervisedBucket(context);
  return emptyAnswer(200);
}

/** GET /bucket?location. Empty means US East, as in the guides. */
export function getBucketLocation(context: Context): Answer {
  ownBucket(context);
  return xmlAnswer(document("LocationConstraint"));
}

/** GET /bucket?versioning. Without a status, the bucket never had versioning. */
export function getBucketVersioning(context: Context): Answer {
  const { versioning } = ownBucket(context);
  const status = versioning === undefined ? [] : [leaf("Status", versioning)];
  return xmlAnswer(document("VersioningConfiguration", ...status));
}

/** PUT /bucket?versioning */
export function putBucketVersioning(context: Context): Answer {
  const bucket = ownBucket(context);
  const parsed = versioningShape.safeParse(parseXml(context.request.body));
  if (!parsed.success) throw malformed();
  const { Status: status, MfaDelete: mfaDelete } = parsed.data.VersioningConfiguration;
  if (mfaDelete === "Enabled") {
    throw new ServiceError("NotImplemented", "The emulator does not implement MfaDelete");
  }
  context.service.buckets.setVersioning(bucket, status);
  return emptyAnswer(200);
}
