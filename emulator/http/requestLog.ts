import type { SignatureVersion } from "../assumptions";

/** A request that reached the emulator. Holds no secret. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query as sent; signatures of presigned addresses are blotted out. */
  readonly path: string;
  /**
   * `listUsers`, `getUser`, `getUserById`, `createUser`, `enableUser`, `disableUser`, `generateKey`,
   * `revokeKey`, `deleteUser`, `listBuckets`, `s3:…`; `notEmulated`, `unknownService`, `invalid`.
   */
  operation: string;
  /** Of the answer; 0 while there is none and when the connection was cut before one. */
  status: number;
  /** As the request claims, right or wrong; absent on an unsigned one. */
  signatureVersion?: SignatureVersion;
}

/** An emulator that runs for days must not grow; the oldest entries go. */
const limit = 100_000;

/** Adds an entry whose operation and status are filled in later. */
export function record(log: RecordedRequest[], method: string, target: string): RecordedRequest {
  const path = target.replace(/\b(X-Amz-Signature|Signature)=[^&]*/g, "$1=***");
  const entry: RecordedRequest = { method, path, operation: "invalid", status: 0 };
  if (log.length >= limit) log.splice(0, limit / 10);
  log.push(entry);
  return entry;
}
