import type { CannedAcl } from "./acls";
import { History } from "./history";
import { type BucketSize, emptySize, resized } from "./sizes";

/** What an object consists of, whatever its key and version. */
export interface Content {
  readonly body: Buffer;
  /** With its quotes. */
  readonly etag: string;
  /** `Content-Type`, `x-amz-meta-*` and the like, lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly acl: CannedAcl;
  /** Lengths of the parts that a multipart upload was completed with. */
  readonly partSizes?: readonly number[];
}

/** One version of an object, or a delete marker, which has an empty body. */
export interface ObjectVersion extends Content {
  /** "null" for what was stored while the bucket had no versioning. */
  readonly versionId: string;
  readonly marker: boolean;
  readonly modifiedMs: number;
}

/** A part of a multipart upload. */
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

/** Undefined in a bucket that never had versioning. */
export type Versioning = "Enabled" | "Suspended" | undefined;

/** A bucket; its contents, settings and size change in place. */
export interface Bucket {
  readonly name: string;
  readonly ownerId: string;
  readonly createdMs: number;
  /** By key, the newest last; no list is empty. */
  readonly versions: Map<string, ObjectVersion[]>;
  /** By id, in the order in which they were started. */
  readonly uploads: Map<string, Upload>;
  versioning: Versioning;
  acl: CannedAcl;
  size: BucketSize;
}

/** The object that a key names now; none when it was deleted. */
export function currentObject(bucket: Bucket, key: string): ObjectVersion | undefined {
  const latest = bucket.versions.get(key)?.at(-1);
  return latest?.marker === true ? undefined : latest;
}

/** Buckets by name. Who may do what is decided elsewhere. */
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

  /** The buckets a management read sees; older than the truth while writes are fresh. */
  seen(): ReadonlyMap<string, Bucket> {
    return this.#history.seen(this.#buckets);
  }

  create(name: string, ownerId: string, acl: CannedAcl): void {
    const createdMs = this.#clock();
    const holds = { versions: new Map(), uploads: new Map(), versioning: undefined };
    this.#put({ name, ownerId, createdMs, ...holds, acl, size: emptySize(createdMs) });
  }

  remove(name: string): void {
    this.#history.note(name, this.#buckets.get(name));
    this.#buckets.delete(name);
    this.onWrite();
  }

  /** Takes a bucket as it was stored. */
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

  /** Replaces all versions of a key. Sizes have no lag: they are hourly figures anyway. */
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

  /** Parts don't count for the size until the upload is completed. */
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
