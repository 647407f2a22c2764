import { History } from "./history";
import { type BucketSize, emptySize, resized } from "./sizes";

/** An object as stored. */
export interface StoredObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly modifiedMs: number;
  /** `Content-Type` and `x-amz-meta-*`, lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A version that isn't the current object: an older body or a delete marker. */
export interface OldVersion {
  readonly key: string;
  readonly versionId: string;
  readonly marker: boolean;
  readonly size: number;
  readonly modifiedMs: number;
}

/** A bucket; its objects and its size change in place. */
export interface Bucket {
  readonly name: string;
  readonly ownerId: string;
  readonly createdMs: number;
  readonly objects: Map<string, StoredObject>;
  /** Newest last. */
  readonly oldVersions: OldVersion[];
  /** Keys of uploads in parts that nobody finished. */
  readonly uploads: string[];
  size: BucketSize;
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

  create(name: string, ownerId: string): void {
    const createdMs = this.#clock();
    const size = emptySize(createdMs);
    const holds = { objects: new Map(), oldVersions: [], uploads: [] };
    this.#put({ name, ownerId, createdMs, ...holds, size });
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

  putObject(bucket: Bucket, key: string, object: StoredObject): void {
    const before = bucket.objects.get(key)?.body.length ?? 0;
    bucket.objects.set(key, object);
    this.#grow(bucket, object.body.length - before);
  }

  removeObject(bucket: Bucket, key: string): void {
    const before = bucket.objects.get(key)?.body.length ?? 0;
    bucket.objects.delete(key);
    this.#grow(bucket, -before);
  }

  addVersion(bucket: Bucket, version: OldVersion): void {
    bucket.oldVersions.push(version);
    this.#grow(bucket, version.size);
  }

  addUpload(bucket: Bucket, key: string): void {
    bucket.uploads.push(key);
    this.onWrite();
  }

  removeVersion(bucket: Bucket, version: OldVersion): void {
    bucket.oldVersions.splice(bucket.oldVersions.indexOf(version), 1);
    this.#grow(bucket, -version.size);
  }

  #put(bucket: Bucket): void {
    this.#history.note(bucket.name, this.#buckets.get(bucket.name));
    this.#buckets.set(bucket.name, bucket);
    this.onWrite();
  }

  /** Sizes have no lag: they are hourly figures anyway. */
  #grow(bucket: Bucket, bytes: number): void {
    bucket.size = resized(bucket.size, bucket.size.current + bytes, this.#clock());
    this.onWrite();
  }
}
