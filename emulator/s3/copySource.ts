import type { Bucket, ObjectVersion } from "../bucketTable";
import type { Context } from "../context";
import { ServiceError } from "../errors";
import { decodeEscapes, type ServiceRequest } from "../http/request";
import { ownBucketNamed } from "./access";
import { checkReadConditions, preconditionFailed } from "./conditions";
import { storedVersion, versionHeader } from "./readHandlers";

/** The source of a copy. */
export interface CopySource {
  readonly bucket: Bucket;
  readonly key: string;
  readonly version: ObjectVersion;
  /** Whether the request names a version. */
  readonly hasVersion: boolean;
  /** `x-amz-copy-source-version-id`, if the bucket has versioning. */
  readonly headers: Record<string, string>;
}

/**
 * Finds the object that `x-amz-copy-source` names.
 *
 * @throws ServiceError InvalidArgument, NoSuchBucket, NoSuchKey, NoSuchVersion, AccessDenied, PreconditionFailed
 */
export function copySource(context: Context): CopySource {
  const { bucket: name, key, versionId } = readSource(context.request);
  const bucket = ownBucketNamed(context, name);
  const version = storedVersion(bucket, key, versionId);
  if (checkReadConditions(context.request.headers, version, "x-amz-copy-source-")) {
    throw preconditionFailed();
  }
  const id = versionHeader(bucket, version)["x-amz-version-id"];
  const headers: Record<string, string> =
    id === undefined ? {} : { "x-amz-copy-source-version-id": id };
  return { bucket, key, version, hasVersion: versionId !== undefined, headers };
}

/** Parses `/bucket/key?versionId=…`. The first slash is optional; bucket and key are URL-encoded. */
function readSource({ headers }: ServiceRequest) {
  // Some clients send the key unencoded. Node decodes its bytes as Latin-1.
  const text = Buffer.from(headers.get("x-amz-copy-source") ?? "", "latin1").toString("utf8");
  const [, path = "", versionId] = /^(.*?)(?:\?versionId=(.*))?$/s.exec(text) ?? [];
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decodeEscapes(path)) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new ServiceError(
      "InvalidArgument",
      "x-amz-copy-source must have the form /<bucket>/<key>",
    );
  }
  return { bucket, key, versionId: versionId === undefined ? undefined : decodeEscapes(versionId) };
}
