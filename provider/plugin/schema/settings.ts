/** The settings of a cluster: the configuration `ostor:<name>`, and the arguments of an explicit provider. */
export const settings = {
  endpoint: {
    type: "string",
    description: "Scheme, host and port of the S3 gateway, such as `https://s3.example.com`.",
  },
  accessKeyId: { type: "string", description: "Id of the access key of a system user." },
  secretAccessKey: {
    type: "string",
    secret: true,
    description: "Secret of that key; always stored encrypted.",
  },
  region: {
    type: "string",
    description: "The region in V4 signatures; default `us-east-1`.",
  },
  signatureVersion: {
    type: "string",
    description: "`auto` (default) starts with V4, and uses V2 if that is rejected.",
  },
  dialect: {
    type: "string",
    description:
      'The verb that generates and revokes keys: `"put"` only for releases 2.x. Default `"post"`.',
  },
  caFile: {
    type: "string",
    description: "Path of a PEM file with the authorities to trust instead of those of Node.js.",
  },
  caPem: { type: "string", secret: true, description: "The authorities as PEM text." },
  insecure: { type: "boolean", description: "Accept any certificate; default false." },
  timeoutSeconds: {
    type: "number",
    description: "Time limit of one attempt in seconds; default 30.",
  },
  deadlineSeconds: {
    type: "number",
    description:
      "Time limit of one operation with all its attempts and pauses, in seconds, and never less than one attempt; default 120.",
  },
  maxRetries: {
    type: "integer",
    description: "Retries after a failure that may pass; default 4.",
  },
  maxConcurrency: { type: "integer", description: "Requests at the same time; default 32." },
} as const;

/** Settings without which no request can be sent. Variables of the environment may set them. */
export const requiredSettings = ["endpoint", "accessKeyId", "secretAccessKey"] as const;
