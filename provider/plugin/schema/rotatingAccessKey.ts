import { ownerInputs } from "./accessKey";

/** The schema of RotatingAccessKey. */
export const rotatingAccessKey = {
  description:
    "The two access keys of a user, rotated by a schedule. Applications use `current`. `previous` works until the next rotation, so that applications have a whole period to switch. A rotation revokes the previous key and generates a new one; the key that was current keeps working. One `pulumi up` rotates at most once, also if several periods have passed.",
  inputProperties: {
    user: {
      type: "string",
      description:
        "The owner: a User, or the e-mail address of an existing user without other access keys. A change replaces the keys.",
    },
    ...ownerInputs,
    every: {
      type: "string",
      description:
        'The period: `"30d"`; in `m`, `h`, `d` or `w`. The first `pulumi up` after it has passed rotates once. A due rotation is a change in the preview; pipelines that detect drift use `generation`.',
    },
    generation: {
      type: "integer",
      description: "A counter, from 0: a higher number rotates once, a lower number has no effect.",
    },
  },
  requiredInputs: ["user"],
  properties: {
    emailAddress: { type: "string" },
    userId: { type: "string" },
    accessKeyId: { type: "string", description: "Id of the current access key." },
    secretAccessKey: {
      type: "string",
      secret: true,
      description: "Secret of the current access key; always a secret output.",
    },
    previousAccessKeyId: {
      type: "string",
      description: "Id of the previous access key; absent before the first rotation.",
    },
    previousSecretAccessKey: {
      type: "string",
      secret: true,
      description: "Secret of the previous access key; always a secret output.",
    },
    hasPrevious: {
      type: "boolean",
      description: "Whether there is a previous access key. Known at preview, unlike an absent id.",
    },
    rotatedAt: {
      type: "string",
      description: "When the current access key was generated or adopted, as an ISO date.",
    },
    every: { type: "string" },
    generation: { type: "integer", description: "The highest counter so far." },
  },
  required: [
    "emailAddress",
    "userId",
    "accessKeyId",
    "secretAccessKey",
    "hasPrevious",
    "rotatedAt",
  ],
} as const;
