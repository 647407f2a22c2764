import type { Bucket, StoredObject } from "./bucketTable";
import { foreignFile, takeDataFile, type DataFile } from "./dataFile";
import type { Service } from "./service";
import type { User } from "./userTable";

const format = "pulumi-ostor emulator";
const version = 1;

interface StoredBucket extends Omit<Bucket, "objects" | "uploads"> {
  /** Not in files of older emulators. */
  uploads?: string[];
  objects: [key: string, object: Omit<StoredObject, "body"> & { body: string }][];
}

/** What a data file holds; bodies in base64. */
interface Stored {
  format: typeof format;
  version: typeof version;
  seed: number;
  users: User[];
  buckets: StoredBucket[];
  counts: [string, number][];
}

/**
 * Fills a service from its data file and stores it after each change, before that is answered.
 *
 * @throws Error that names the file when another emulator has it, or it holds something else
 */
export function keepInFile(service: Service, file: string): DataFile {
  const data = takeDataFile(file);
  try {
    const stored = data.read();
    if (stored !== undefined && !isStored(stored)) throw foreignFile(file);
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

function isStored(content: unknown): content is Stored {
  const { format: name, version: number } = (content ?? {}) as Partial<Stored>;
  return name === format && number === version;
}

function contentOf({ seed, users, buckets, counts }: Service): Stored {
  return {
    format,
    version,
    seed,
    users: users.all(),
    buckets: buckets.all().map((bucket) => ({
      ...bucket,
      objects: [...bucket.objects].map(([key, object]) => [
        key,
        { ...object, body: object.body.toString("base64") },
      ]),
    })),
    counts: [...counts],
  };
}

function restore(service: Service, { seed, users, buckets, counts }: Stored): void {
  service.reseed(seed);
  for (const user of service.users.all()) service.users.remove(user);
  for (const user of users) service.users.put(user);
  for (const { objects, uploads = [], ...bucket } of buckets) {
    const bodies = objects.map(
      ([key, object]) => [key, { ...object, body: Buffer.from(object.body, "base64") }] as const,
    );
    service.buckets.restore({ ...bucket, uploads, objects: new Map(bodies) });
  }
  for (const [name, count] of counts) service.counts.set(name, count);
}
