import { z } from "zod";

const keyPair = z
  .object({ AWSAccessKeyId: z.string().min(1), AWSSecretAccessKey: z.string().nullish() })
  .transform((pair) => ({
    accessKeyId: pair.AWSAccessKeyId,
    // Some answers hide secrets: an empty one is none, so that it never replaces one that is known.
    secretAccessKey:
      pair.AWSSecretAccessKey === "" ? undefined : (pair.AWSSecretAccessKey ?? undefined),
  }));

const user = z
  .object({
    UserEmail: z.string().min(1),
    UserId: z.string().min(1),
    State: z.string().nullish(),
    OwnerId: z.string().nullish(),
    Flags: z.array(z.string()).nullish(),
    AWSAccessKeys: z.array(keyPair).nullish(),
  })
  .transform((wire) => ({
    emailAddress: wire.UserEmail,
    userId: wire.UserId,
    state: readState(wire.State),
    ownerId: wire.OwnerId ?? undefined,
    flags: wire.Flags ?? [],
    accessKeys: wire.AWSAccessKeys ?? [],
  }));

// Only "enabled" is ever shown in the guides; the oldest generation shows no state at all.
function readState(state: string | null | undefined): "enabled" | "disabled" | undefined {
  if (state === undefined || state === null) return undefined;
  return state.toLowerCase() === "enabled" ? "enabled" : "disabled";
}

/** One user: the answer to PUT, to GET of one user and to genKey (which may hold the new pair or all). */
export const apiUser = user;

/** A list that is judged by its first mistake: of a hundred thousand wrong elements nobody reads each. */
function listOf<T>(shape: z.ZodType<T>) {
  return z.array(z.unknown()).transform((items, context): T[] => {
    const list: T[] = [];
    for (const [index, item] of items.entries()) {
      const result = shape.safeParse(item);
      if (!result.success) {
        const [{ path, message } = { path: [], message: "unexpected" }] = result.error.issues;
        context.addIssue({ code: "custom", path: [index, ...path], message });
        return z.NEVER;
      }
      list.push(result.data);
    }
    return list;
  });
}

/** All users: a bare array, or an object around it, by generation. */
export const apiUsers = z.union([
  listOf(user),
  z.object({ Users: listOf(user) }).transform((wire) => wire.Users),
  z.object({ users: listOf(user) }).transform((wire) => wire.users),
]);

const bucket = z
  .object({
    name: z.string().min(1),
    epoch: z.number().nullish(),
    creation_date: z.string(),
    owner_id: z.string().min(1),
    size: z
      .object({
        current: z.number(),
        hmax: z.number(),
        h_integral: z.number(),
        last_ts: z.number(),
      })
      .partial()
      .nullish(),
  })
  .transform((wire) => ({
    name: wire.name,
    creationDate: wire.creation_date,
    ownerId: wire.owner_id,
    currentBytes: wire.size?.current ?? 0,
    hmaxBytes: wire.size?.hmax ?? 0,
    hIntegralByteHours: wire.size?.h_integral ?? 0,
    lastTsHours: wire.size?.last_ts ?? 0,
  }));

/** Buckets with their sizes. */
export const apiBuckets = z.object({ Buckets: listOf(bucket) }).transform((wire) => wire.Buckets);

/** A user as the service tells it; `state` is absent where a generation doesn't show it. */
export type ApiUser = z.output<typeof apiUser>;

/** A key pair as the service tells it. */
export type ApiKeyPair = z.output<typeof keyPair>;

/**
 * A bucket as the service tells it. `hIntegralByteHours` is what has been stored, bytes × hours, up to the
 * moment of the query; `lastTsHours` is the hour of the last change of size, counted from the Unix epoch.
 */
export type ApiBucket = z.output<typeof bucket>;
