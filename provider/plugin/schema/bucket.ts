/** The schema of Bucket. */
export const bucket = {
  description:
    "Tracks an existing bucket. It creates and deletes nothing: the owner creates buckets through S3. Another owner, or a bucket that was deleted and created again, is drift. `getBucket` returns sizes.",
  inputProperties: {
    name: {
      type: "string",
      description: "The bucket's name. A change tracks another bucket.",
    },
    owner: {
      type: "string",
      description:
        "The expected owner: a User, a user id or an e-mail address. Any owner if it is not set.",
    },
    ownerId: {
      type: "string",
      description: "The owner's user id again, for programs in which it is secret.",
    },
  },
  requiredInputs: ["name"],
  properties: {
    name: { type: "string" },
    owner: { type: "string" },
    ownerId: { type: "string", description: "User id of the owner." },
    creationDate: { type: "string", description: "ISO 8601, UTC." },
  },
  required: ["name", "ownerId", "creationDate"],
} as const;
