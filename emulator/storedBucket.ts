import type { Bucket, ObjectVersion, Part, Upload } from "./bucketTable";

/** A value with its body in base64. */
export type InText<T> = Omit<T, "body"> & { body: string };

type StoredUpload = Omit<Upload, "parts"> & { parts: [number: number, part: InText<Part>][] };

/** A bucket in the data file. */
export interface StoredBucket extends Omit<Bucket, "versions" | "uploads" | "versioning"> {
  versioning?: Bucket["versioning"];
  versions: [key: string, versions: InText<ObjectVersion>[]][];
  uploads: StoredUpload[];
}
