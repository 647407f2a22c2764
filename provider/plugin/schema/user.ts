/** The schema of User. */
export const user = {
  description:
    "A user (tenant) of the cluster. Its id is the e-mail address.\n\nThe deletion of a user that owns buckets is refused, and its keys keep working.",
  inputProperties: {
    emailAddress: {
      type: "string",
      description: "The e-mail address. The service cannot rename a user: a change replaces it.",
    },
    state: {
      $ref: "#/types/ostor:index:UserStateName",
      default: "enabled",
      description:
        '`"enabled"` (default), or `"disabled"`: no access to S3; keys and buckets stay. Updated in place.',
    },
    createAccessKey: {
      type: "boolean",
      default: false,
      description:
        "Whether the user keeps the access key that the service creates with each user, in `accessKeyId` and `secretAccessKey`. Default false: the key is revoked at once, and both slots are free for `AccessKey`s.",
    },
    deleteEmptyBuckets: {
      type: "boolean",
      default: false,
      description:
        "Whether the deletion of the user deletes its empty buckets first; default false. Buckets with data are never deleted.",
    },
  },
  requiredInputs: ["emailAddress"],
  properties: {
    emailAddress: { type: "string" },
    // A text: a program in YAML cannot give an enumeration that one resource returns to another one.
    state: { type: "string" },
    createAccessKey: { type: "boolean" },
    deleteEmptyBuckets: { type: "boolean" },
    userId: { type: "string", description: "16 hexadecimal digits, assigned by the service." },
    ownerId: { type: "string", description: "As the service returns it." },
    flags: {
      type: "array",
      items: { type: "string" },
      description: "As the service returns them, such as `system`.",
    },
    accessKeyId: {
      type: "string",
      description: "Id of the user's own access key; absent if it has none.",
    },
    secretAccessKey: {
      type: "string",
      secret: true,
      description: "Secret of the user's own access key; always a secret output.",
    },
  },
  required: ["emailAddress", "state", "createAccessKey", "deleteEmptyBuckets", "userId", "flags"],
} as const;
