import type { ObjectVersion } from "./bucketTable";
import type { StoredBucket } from "./storedBucket";

type VersionV1 = Pick<ObjectVersion, "versionId" | "marker" | "modifiedMs"> & { key: string };
type ObjectV1 = Pick<ObjectVersion, "etag" | "modifiedMs" | "headers"> & { body: string };

/** A bucket in a data file of version 1. */
export interface BucketV1 extends Pick<StoredBucket, "name" | "ownerId" | "createdMs" | "size"> {
  objects: [key: string, object: ObjectV1][];
  oldVersions: VersionV1[];
  /** Keys. Missing in the oldest files. */
  uploads?: string[];
}

/** Whether a bucket can be migrated. Version 1 does not contain the bodies of old versions. */
export function isReadable({ oldVersions }: BucketV1): boolean {
  return oldVersions.every(({ marker }) => marker);
}

/** Converts a bucket from version 1 to version 2. */
export function migrated({ objects, oldVersions, uploads, ...bucket }: BucketV1): StoredBucket {
  const versions = new Map<string, StoredBucket["versions"][number][1]>();
  const add = (key: string, version: StoredBucket["versions"][number][1][number]) => {
    versions.set(key, [...(versions.get(key) ?? []), version]);
  };
  for (const { key, ...marker } of oldVersions) {
    add(key, { ...marker, body: "", etag: "", headers: {}, acl: "private" });
  }
  for (const [key, object] of objects) {
    add(key, { ...object, versionId: "null", marker: false, acl: "private" });
  }
  return {
    ...bucket,
    ...(oldVersions.length > 0 && { versioning: "Enabled" }),
    acl: "private",
    versions: [...versions],
    uploads: (uploads ?? []).map((key, index) => ({
      ...{ uploadId: String(index), key, startedMs: bucket.createdMs },
      ...{ headers: {}, acl: "private", parts: [] },
    })),
  };
}
