import type { ObjectVersion } from "./bucketTable";
import type { StoredBucket } from "./storedBucket";

type VersionBefore = Pick<ObjectVersion, "versionId" | "marker" | "modifiedMs"> & { key: string };
type ObjectBefore = Pick<ObjectVersion, "etag" | "modifiedMs" | "headers"> & { body: string };

/** A bucket in a data file of version 1. */
export interface BucketBefore extends Pick<
  StoredBucket,
  "name" | "ownerId" | "createdMs" | "size"
> {
  objects: [key: string, object: ObjectBefore][];
  oldVersions: VersionBefore[];
  /** Keys; not in the oldest files. */
  uploads?: string[];
}

/** Whether a bucket can be read: the bodies of old versions were not stored. */
export function isReadable({ oldVersions }: BucketBefore): boolean {
  return oldVersions.every(({ marker }) => marker);
}

/** A bucket of version 1 as version 2 stores it. */
export function migrated({ objects, oldVersions, uploads, ...bucket }: BucketBefore): StoredBucket {
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
