/** The canned access lists of S3. Other lists are not implemented. */
export const cannedAcls = [
  "private",
  "public-read",
  "public-read-write",
  "authenticated-read",
  "bucket-owner-read",
  "bucket-owner-full-control",
] as const;

/** A canned access list. It is stored and returned, but only the owner has access. */
export type CannedAcl = (typeof cannedAcls)[number];

/** Whether a text is the name of a canned access list. */
export function isCannedAcl(text: string): text is CannedAcl {
  return (cannedAcls as readonly string[]).includes(text);
}
