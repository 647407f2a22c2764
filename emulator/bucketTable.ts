import type { CannedAcl } from "./acls";
import { History } from "./history";
import { type BucketSize, emptySize, resized } from "./sizes";

/** The content of an object, without its key and version. */
export interface Content {
  readonly body: Buffer;
  /** Includes its quotes. */
  readonly etag: string;
  /** `Content-Type`, `x-amz-meta-*` and similar, with lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly acl: CannedAcl;
  /** Lengths of the parts of a multipart upload. */
  readonly partSizes?: readonly number[];
}

/** One version of an object, or a delete marker, which has an empty body. */
export interface ObjectVersion extends Content {
  /** "null" if it was stored while the bucket had no versioning. */
  readonly versionId: string;
  readonly marker: boolean;
  readonly modifiedMs: number;
}

/** An uploaded part. */
export interface Part {
  readonly body: Buffer;
  readonly etag: string;
  readonly modifiedMs: number;
}

/** A multipart upload that is neither completed nor aborted. */
export interface Upload {
  readonly uploadId: string;
  readonly key: string;
  readonly startedMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly acl: CannedAcl;
  readonly parts: Map<number, Part>;
}

/** Undefined if the bucket never had versioning. */
export type Versioning = "Enabled" | "Suspended" | undefined;

/** A bucket. Its contents, settings and size change in place. */
export interface Bucket {
  readonly name: string;
  readonly ownerId: string;
  readonly createdMs: number;
  /** By key, the newest last. No list is empty. */
  readonly versions: Map<string, ObjectVersion[]>;
  /** By id, in the order of their start. */
  readonly uploads: Map<string, Upload>;
  versioning: Versioning;
  acl: CannedAcl;
  size: BucketSize;
}

/** The current object of a key; undefined if it was deleted. */
export function currentObject(bucket: Bucket, key: string): ObjectVersion | undefined {
  const latest = bucket.versions.get(key)?.at(-1);
  return latest?.marker === true ? undefined : latest;
}

/** Buckets by name, without access rules. */
export class BucketTable {
  readonly #buckets = new Map<string, Bucket>();
  readonly #history: History<Bucket>;
  readonly #clock: () => number;
  /** Called after each change. */
  onWrite: () => void = () => undefined;

  constructor(lagMs: number, clock: () => number) {
    this.#history = new History(lagMs, clock);
    this.#clock = clock;
  }

  get(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  all(): Bucket[] {
    return [...this.#buckets.values()];
  }

  ownedBy(userId: string): Bucket[] {
    return this.all().filter((bucket) => bucket.ownerId === userId);
  }

  /** The buckets that a management read returns. They may be stale. */
  seen(): ReadonlyMap<string, Bucket> {
    return this.#history.seen(this.#buckets);
  }

  create(name: string, ownerId: string, acl: CannedAcl): void {
    const createdMs = this.#clock();
    const contents = { versions: new Map(), uploads: new Map(), versioning: undefined };
    this.#put({ name, ownerId, createdMs, ...contents, acl, size: emptySize(createdMs) });
  }

  remove(name: string): void {
    this.#history.note(name, this.#buckets.get(name));
    this.#buckets.delete(name);
    this.onWrite();
  }

  /** Adds a bucket from a data file. */
  restore(bucket: Bucket): void {
    this.#put(bucket);
  }

  setOwner(bucket: Bucket, ownerId: string): void {
    this.#put({ ...bucket, ownerId });
  }

  setVersioning(bucket: Bucket, versioning: Versioning): void {
    bucket.versioning = versioning;
    this.onWrite();
  }

  setAcl(bucket: Bucket, acl: CannedAcl): void {
    bucket.acl = acl;
    this.onWrite();
  }

  /** Replaces all versions of a key. Sizes are never stale, because they are hourly figures. */
  setVersions(bucket: Bucket, key: string, versions: ObjectVersion[]): void {
    const before = bytesOf(bucket.versions.get(key) ?? []);
    if (versions.length === 0) bucket.versions.delete(key);
    else bucket.versions.set(key, versions);
    const current = bucket.size.current + bytesOf(versions) - before;
    bucket.size = resized(bucket.size, current, this.#clock());
    this.onWrite();
  }

  putUpload(bucket: Bucket, upload: Upload): void {
    bucket.uploads.set(upload.uploadId, upload);
    this.onWrite();
  }

  /** Parts count for the size only when the upload is completed. */
  putPart(upload: Upload, number: number, part: Part): void {
    upload.parts.set(number, part);
    this.onWrite();
  }

  removeUpload(bucket: Bucket, upload: Upload): void {
    bucket.uploads.delete(upload.uploadId);
    this.onWrite();
  }

  #put(bucket: Bucket): void {
    this.#history.note(bucket.name, this.#buckets.get(bucket.name));
    this.#buckets.set(bucket.name, bucket);
    this.onWrite();
  }
}

function bytesOf(versions: readonly ObjectVersion[]): number {
  return versions.reduce((sum, { body }) => sum + body.length, 0);
}
