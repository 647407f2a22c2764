/** The types of what functions return. */
export const resultTypes = {
  "ostor:index:UserResult": {
    type: "object",
    description: "A user as data, without secrets.",
    properties: {
      emailAddress: { type: "string" },
      userId: { type: "string", description: "16 hexadecimal digits, assigned by the service." },
      state: {
        type: "string",
        description: "Absent if the release of the service does not return it.",
      },
      ownerId: { type: "string" },
      flags: { type: "array", items: { type: "string" } },
      accessKeyIds: {
        type: "array",
        items: { type: "string" },
        description:
          "Ids of the user's access keys, 0 to 2. Some releases omit them in the list of all users.",
      },
    },
    required: ["emailAddress", "userId", "flags", "accessKeyIds"],
  },
  "ostor:index:BucketResult": {
    type: "object",
    description: "A bucket as data, with its sizes.",
    properties: {
      name: { type: "string" },
      ownerId: { type: "string", description: "User id of the owner." },
      creationDate: { type: "string", description: "ISO 8601, UTC." },
      currentBytes: { type: "number", description: "The size now." },
      hmaxBytes: { type: "number", description: "The largest size so far." },
      hIntegralByteHours: {
        type: "number",
        description: "Bytes × hours that were stored up to now; exact up to 2^53.",
      },
      lastTsHours: {
        type: "number",
        description: "Hour of the last change of size, counted from the Unix epoch.",
      },
    },
    required: [
      "name",
      "ownerId",
      "creationDate",
      "currentBytes",
      "hmaxBytes",
      "hIntegralByteHours",
      "lastTsHours",
    ],
  },
} as const;

const user = resultTypes["ostor:index:UserResult"];
const bucket = resultTypes["ostor:index:BucketResult"];

/** The functions. */
export const functions = {
  "ostor:index:getUser": {
    description: "Reads one user, without secrets.",
    inputs: {
      description: "A user, by exactly one of both.",
      type: "object",
      properties: { emailAddress: { type: "string" }, userId: { type: "string" } },
    },
    outputs: { type: "object", properties: user.properties, required: user.required },
  },
  "ostor:index:getUsers": {
    description: "Lists all users, without secrets.",
    inputs: { type: "object", properties: {} },
    outputs: listOf("users", "ostor:index:UserResult"),
  },
  "ostor:index:getBucket": {
    description: "Reads one bucket with its sizes.",
    inputs: {
      description: "A bucket.",
      type: "object",
      properties: { name: { type: "string" } },
      required: ["name"],
    },
    outputs: { type: "object", properties: bucket.properties, required: bucket.required },
  },
  "ostor:index:getBuckets": {
    description: "Lists buckets with their sizes.",
    inputs: {
      description: "The owner of buckets, by e-mail address or user id; without it, all buckets.",
      type: "object",
      properties: { user: { type: "string" } },
    },
    outputs: listOf("buckets", "ostor:index:BucketResult"),
  },
} as const;

function listOf(name: string, type: string) {
  const items = { $ref: `#/types/${type}` };
  return {
    type: "object",
    properties: { [name]: { type: "array", items } },
    required: [name],
  };
}
