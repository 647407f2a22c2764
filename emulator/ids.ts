import { createHash, randomInt } from "node:crypto";

const upperAlphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const alphanumeric = `${upperAlphanumeric}abcdefghijklmnopqrstuvwxyz`;

/** Generates ids and keys in the formats of the service. */
export interface Ids {
  /** 16 lower-case hex digits. */
  userId(emailAddress: string, incarnation: number): string;
  /** 20 characters: the id of the user and 4 of `0-9A-Z`. */
  accessKeyId(userId: string, count: number): string;
  /** 40 letters and digits. */
  secretAccessKey(accessKeyId: string): string;
  /** 16 hex digits of the gateway, then 16 of the request. */
  requestId(count: number): string;
  /** 32 hex digits. */
  versionId(count: number): string;
  /** 32 hex digits. */
  uploadId(count: number): string;
}

/** A seed for ids that differ in each run. */
export function randomSeed(): number {
  return randomInt(2 ** 47);
}

/**
 * Ids are hashes of the seed and their purpose, not a random sequence. So a user has the same id in
 * each run, even if parallel requests arrive in another order.
 */
export function createIds(seed: number): Ids {
  const digest = (...parts: (string | number)[]) =>
    createHash("sha512")
      .update(JSON.stringify([seed, ...parts]))
      .digest();
  const hex = (length: number, ...parts: (string | number)[]) =>
    digest(...parts)
      .toString("hex")
      .slice(0, length);
  const gateway = hex(16, "gateway");
  return {
    userId: (emailAddress, incarnation) => hex(16, "user", emailAddress, incarnation),
    accessKeyId: (userId, count) =>
      userId + letters(digest("key", userId, count), upperAlphanumeric, 4),
    secretAccessKey: (accessKeyId) => letters(digest("secret", accessKeyId), alphanumeric, 40),
    requestId: (count) => gateway + hex(16, "request", count),
    versionId: (count) => hex(32, "version", count),
    uploadId: (count) => hex(32, "upload", count),
  };
}

function letters(bytes: Buffer, alphabet: string, length: number): string {
  return Array.from(bytes.subarray(0, length), (byte) => alphabet[byte % alphabet.length]).join("");
}
