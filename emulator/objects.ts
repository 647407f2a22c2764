import { createHash } from "node:crypto";

import type { Bucket, Content, ObjectVersion, Versioning } from "./bucketTable";
import { nextCount, type Service } from "./service";

/** MD5 in hex. */
export function md5(content: Buffer): string {
  return createHash("md5").update(content).digest("hex");
}

/** The content of a private object. `headers` are stored and returned with it. */
export function contentOf(body: Buffer, headers: Readonly<Record<string, string>> = {}): Content {
  return { body, etag: `"${md5(body)}"`, headers, acl: "private" };
}

/** Stores an object: another version with versioning, otherwise in place of the version "null". */
export function storeObject(
  service: Service,
  bucket: Bucket,
  key: string,
  content: Content,
): ObjectVersion {
  const versionId = newVersionId(service, bucket.versioning);
  const version = { ...content, versionId, marker: false, modifiedMs: service.clock() };
  addVersion(service, bucket, key, version);
  return version;
}

/**
 * Deletes an object as S3 does: with versioning, adds a delete marker; otherwise removes it.
 *
 * @returns the delete marker
 */
export function deleteObject(
  service: Service,
  bucket: Bucket,
  key: string,
): ObjectVersion | undefined {
  if (bucket.versioning === undefined) {
    removeVersion(service, bucket, key, "null");
    return undefined;
  }
  const versionId = newVersionId(service, bucket.versioning);
  const body = Buffer.alloc(0);
  const nothing = { body, etag: "", headers: {}, acl: "private" } as const;
  const marker = { ...nothing, versionId, marker: true, modifiedMs: service.clock() };
  addVersion(service, bucket, key, marker);
  return marker;
}

/**
 * Removes one version or delete marker permanently.
 *
 * @returns the removed version or delete marker
 */
export function removeVersion(
  service: Service,
  bucket: Bucket,
  key: string,
  versionId: string,
): ObjectVersion | undefined {
  const versions = bucket.versions.get(key) ?? [];
  const removed = versions.find((version) => version.versionId === versionId);
  if (removed) {
    const kept = versions.filter((version) => version !== removed);
    service.buckets.setVersions(bucket, key, kept);
  }
  return removed;
}

/** Replaces a version, for example to change its access list. */
export function replaceVersion(
  service: Service,
  bucket: Bucket,
  key: string,
  before: ObjectVersion,
  after: ObjectVersion,
): void {
  const versions = bucket.versions.get(key) ?? [];
  const replaced = versions.map((version) => (version === before ? after : version));
  service.buckets.setVersions(bucket, key, replaced);
}

/** Replaces the version "null", because a key has at most one. */
function addVersion(service: Service, bucket: Bucket, key: string, added: ObjectVersion): void {
  const versions = bucket.versions.get(key) ?? [];
  const kept = versions.filter(({ versionId }) => versionId !== added.versionId);
  service.buckets.setVersions(bucket, key, [...kept, added]);
}

function newVersionId(service: Service, versioning: Versioning): string {
  return versioning === "Enabled" ? service.ids.versionId(nextCount(service, "version")) : "null";
}
