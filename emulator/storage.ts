import type { Bucket, Upload } from "./bucketTable";
import { notADataFile, openDataFile, type DataFile } from "./dataFile";
import type { Service } from "./service";
import { type BucketV1, isReadable, migrated } from "./storedV1";
import type { InText, StoredBucket } from "./storedBucket";
import type { User } from "./userTable";

const format = "pulumi-ostor emulator";
const version = 2;

/** The contents of a data file. */
interface Stored {
  format: typeof format;
  version: typeof version;
  seed: number;
  users: User[];
  buckets: StoredBucket[];
  counts: [string, number][];
}

/**
 * Fills a service from its data file, and stores it after each change, before the response.
 *
 * @throws Error that names the file if another process uses it or it is not a data file
 */
export function keepInFile(service: Service, file: string): DataFile {
  const data = openDataFile(file);
  try {
    const content = data.read();
    const stored = content === undefined ? undefined : readStored(content);
    if (content !== undefined && stored === undefined) throw notADataFile(file);
    if (stored) restore(service, stored);
    const save = () => {
      data.write(contentOf(service));
    };
    save();
    service.users.onWrite = save;
    service.buckets.onWrite = save;
    return data;
  } catch (error) {
    data.release();
    throw error;
  }
}

/** Returns undefined if it is not a data file, or cannot be migrated. */
function readStored(content: unknown): Stored | undefined {
  const stored = (content ?? {}) as Partial<Stored>;
  if (stored.format !== format) return undefined;
  if (stored.version === version) return stored as Stored;
  if ((stored.version as unknown) !== 1) return undefined;
  const before = content as Omit<Stored, "buckets"> & { buckets: BucketV1[] };
  if (!before.buckets.every(isReadable)) return undefined;
  return { ...before, version, buckets: before.buckets.map(migrated) };
}

function contentOf({ seed, users, buckets, counts }: Service): Stored {
  return {
    format,
    version,
    seed,
    users: users.all(),
    buckets: buckets.all().map((bucket) => ({
      ...bucket,
      versions: [...bucket.versions].map(([key, versions]) => [key, versions.map(inText)]),
      uploads: [...bucket.uploads.values()].map((upload) => ({
        ...upload,
        parts: [...upload.parts].map(([number, part]) => [number, inText(part)]),
      })),
    })),
    counts: [...counts],
  };
}

function restore(service: Service, { seed, users, buckets, counts }: Stored): void {
  service.reseed(seed);
  for (const user of service.users.all()) service.users.remove(user);
  for (const user of users) service.users.put(user);
  for (const bucket of buckets) service.buckets.restore(restored(bucket));
  for (const [name, count] of counts) service.counts.set(name, count);
}

function restored({ versions, uploads, versioning, ...bucket }: StoredBucket): Bucket {
  const entries = versions.map(([key, each]) => [key, each.map(inBytes)] as const);
  return {
    ...bucket,
    versioning,
    versions: new Map(entries),
    uploads: new Map(uploads.map((upload) => [upload.uploadId, restoredUpload(upload)])),
  };
}

function restoredUpload({ parts, ...upload }: StoredBucket["uploads"][number]): Upload {
  return { ...upload, parts: new Map(parts.map(([number, part]) => [number, inBytes(part)])) };
}

function inText<T extends { body: Buffer }>(stored: T): InText<T> {
  return { ...stored, body: stored.body.toString("base64") };
}

function inBytes<T extends { body: string }>(stored: T): Omit<T, "body"> & { body: Buffer } {
  return { ...stored, body: Buffer.from(stored.body, "base64") };
}
