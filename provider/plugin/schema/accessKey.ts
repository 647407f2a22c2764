const keepers = { type: "object", additionalProperties: { type: "string" } } as const;

/** The inputs that name the owner of keys. */
export const ownerInputs = {
  userId: {
    type: "string",
    description:
      "The user id of the owner. A change replaces the key: someone else may have deleted and re-created the user.",
  },
  emailAddress: {
    type: "string",
    description: "The address again, for programs in which it is secret.",
  },
} as const;

/** The schema of AccessKey. */
export const accessKey = {
  description: "An access key of a user, who can have two. Its id is the access key id.",
  inputProperties: {
    user: {
      type: "string",
      description:
        "The owner: a User, or the e-mail address of an existing user. A change replaces the key.",
    },
    ...ownerInputs,
    keepers: {
      ...keepers,
      description:
        "A change of these texts replaces the key, which rotates it. A Date is refused: give `date.toISOString()`.",
    },
    replaceOrder: {
      $ref: "#/types/ostor:index:ReplaceOrder",
      default: "create-first",
      description:
        '`"create-first"` (default) generates the new key before it revokes the old one, which takes a free slot; `"delete-first"` revokes first, for users with two keys.',
    },
  },
  requiredInputs: ["user"],
  properties: {
    emailAddress: { type: "string" },
    userId: { type: "string" },
    accessKeyId: { type: "string" },
    secretAccessKey: {
      type: "string",
      secret: true,
      description: "Always a secret output.",
    },
    keepers,
  },
  required: ["emailAddress", "userId", "accessKeyId", "secretAccessKey"],
} as const;
