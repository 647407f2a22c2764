/** The access lists that S3 names; other lists are not implemented. */
export const cannedAcls = [
  "private",
  "public-read",
  "public-read-write",
  "authenticated-read",
  "bucket-owner-read",
  "bucket-owner-full-control",
] as const;

/** One of them. It is stored and returned; access stays with the owner. */
export type CannedAcl = (typeof cannedAcls)[number];

/** Whether a text names one of the lists. */
export function isCannedAcl(text: string): text is CannedAcl {
  return (cannedAcls as readonly string[]).includes(text);
}
