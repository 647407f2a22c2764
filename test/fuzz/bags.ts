import fc from "fast-check";
import type { Emulator } from "../../emulator";
import type { Bag } from "../../provider/resources/lifecycle";
import { address, oddText } from "./oddTexts";

/** The secret of a key in stored states, and the value of a keeper. */
export const storedSecret = "CANARY-of-a-stored-key";

/** Users that exist at the start of each case. */
export const pool = ["a@pool.example", "B+b@pool.example", "c'&=@pool.example"];

/** The engine's value for an unknown property in a preview. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    0,
    -1,
    NaN,
    Infinity,
    "",
    [],
    {},
    [null],
    unknown,
  ),
  oddText,
  fc.jsonValue({ maxDepth: 2 }),
);

const known = fc.constantFrom(...pool);
const who = fc.oneof({ weight: 6, arbitrary: known }, { weight: 1, arbitrary: address });
/** Placeholders for the ids of the cluster; see `filledIn`. */
const userId = fc.oneof(
  { weight: 5, arbitrary: known.map((each) => `userId of ${each}`) },
  { weight: 1, arbitrary: fc.constantFrom("", "00d3fbc0d5e0a5a1", "__proto__") },
);
const keyId = fc.oneof(
  { weight: 5, arbitrary: known.map((each) => `keyId of ${each}`) },
  { weight: 1, arbitrary: fc.constantFrom("", "00d3fbc0d5e0a5a1ABCD", "constructor") },
);
const flag = fc.boolean();
const keepers = fc.dictionary(oddText, fc.oneof(odd, fc.constant(storedSecret)), { maxKeys: 3 });
const bucketName = fc.constantFrom("pool-bucket", "other", "..", "pool-bucket");

const news = {
  user: {
    emailAddress: who,
    state: fc.constantFrom("enabled", "disabled"),
    ...{ createAccessKey: flag, deleteEmptyBuckets: flag, adopt: userId },
  },
  accessKey: {
    user: who,
    ...{ userId, keepers, adopt: keyId },
    replaceOrder: fc.constantFrom("create-first", "delete-first"),
  },
  bucket: { name: bucketName, owner: fc.oneof(who, userId) },
};

const key = { accessKeyId: keyId, secretAccessKey: fc.constant(storedSecret) };
const olds = {
  user: { ...news.user, ...key, userId, ownerId: userId, flags: fc.constant([]) },
  accessKey: { ...key, emailAddress: who, userId, keepers },
  bucket: { ...news.bucket, ownerId: userId, creationDate: fc.constant("2024-01-01") },
};

const ids = { user: who, accessKey: keyId, bucket: bucketName };

/** One call of the engine for any program and any state. */
export interface EngineCall {
  step: "create" | "diff" | "read" | "update" | "delete";
  id: string;
  olds: Bag;
  news: Bag;
}

/** Calls whose bags are mostly valid. */
export function engineCalls(kind: keyof typeof news): fc.Arbitrary<EngineCall> {
  return fc.record({
    step: fc.constantFrom("create", "diff", "read", "update", "delete"),
    id: ids[kind],
    olds: bag(olds[kind]),
    news: bag(news[kind]),
  });
}

function bag(shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Bag> {
  const fields = Object.entries(shape).map(([name, value]) => {
    const each = fc.oneof({ weight: 14, arbitrary: value }, { weight: 1, arbitrary: odd });
    return [name, fc.option(each, { freq: 4, nil: undefined })] as const;
  });
  const more = fc.dictionary(oddText, odd, { maxKeys: 2 });
  const extras = fc.oneof(
    { weight: 9, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: more },
  );
  return fc
    .tuple(fc.record(Object.fromEntries(fields)), extras)
    .map(([right, extra]) => withoutUndefined({ ...extra, ...right }));
}

function withoutUndefined(from: Bag): Bag {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined));
}

/** A bag with the ids of the cluster. */
export function filledIn(emulator: Emulator, value: unknown): unknown {
  if (typeof value === "string") {
    const [, name, email = ""] = /^(userId|keyId) of (.*)$/.exec(value) ?? [];
    const user = name === undefined ? undefined : emulator.cluster.user(email);
    if (!user) return value;
    return name === "userId" ? user.userId : (user.accessKeys[0]?.accessKeyId ?? "none");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, filledIn(emulator, inner)]);
  return Object.fromEntries(entries) as unknown;
}
