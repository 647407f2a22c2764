import { z } from "zod";

const accessKey = z
  .object({ AWSAccessKeyId: z.string().min(1), AWSSecretAccessKey: z.string().nullish() })
  .transform((wire) => ({
    accessKeyId: wire.AWSAccessKeyId,
    // Some answers hide secrets. An empty one counts as missing, so that it never replaces a known secret.
    secretAccessKey:
      wire.AWSSecretAccessKey === "" ? undefined : (wire.AWSSecretAccessKey ?? undefined),
  }));

const user = z
  .object({
    UserEmail: z.string().min(1),
    UserId: z.string().min(1),
    State: z.string().nullish(),
    OwnerId: z.string().nullish(),
    Flags: z.array(z.string()).nullish(),
    AWSAccessKeys: z.array(accessKey).nullish(),
  })
  .transform((wire) => ({
    emailAddress: wire.UserEmail,
    userId: wire.UserId,
    state: readState(wire.State),
    ownerId: wire.OwnerId ?? undefined,
    flags: wire.Flags ?? [],
    accessKeys: wire.AWSAccessKeys ?? [],
  }));

// The guides show only "enabled"; the oldest releases return no state.
function readState(state: string | null | undefined): "enabled" | "disabled" | undefined {
  if (state === undefined || state === null) return undefined;
  return state.toLowerCase() === "enabled" ? "enabled" : "disabled";
}

/** One user: the answer to PUT, to GET of one user, and to genKey, which contains the new key or all keys. */
export const apiUser = user;

/** A list that fails with its first mistake: a list of users may have 100,000 elements. */
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

/** All users: an array, or an object around it, by release. */
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

/** A user as the service returns it; `state` is absent if the release does not return it. */
export type ApiUser = z.output<typeof apiUser>;

/** An access key as the service returns it; some answers omit the secret. */
export type ApiKey = z.output<typeof accessKey>;

/**
 * A bucket as the service returns it. `hIntegralByteHours` is what was stored, bytes × hours, up to the moment of the query;
 * `lastTsHours` is the hour of the last change of size, counted from the Unix epoch.
 */
export type ApiBucket = z.output<typeof bucket>;
