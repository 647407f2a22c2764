import { ApiError, isNotFound } from "../api/errors";
import type { ApiBucket } from "../api/schemas";
import type { Context } from "./context";
import { bucketsUnknown, noBucketService } from "./bucketMessages";

/** Whose buckets. */
export interface Owner {
  emailAddress: string;
  userId: string;
}

/**
 * Lists the buckets of a user. A user that does not exist owns none, so that a stack whose replacement was interrupted can
 * go on; a 404 alone does not prove that.
 *
 * @throws CodedError when the service does not list buckets, or says 404 for a user that exists; ApiError, NetworkError
 */
export async function bucketsOf(context: Context, owner: Owner): Promise<ApiBucket[]> {
  const { client, directory, lateReads } = context;
  let refusal: ApiError | undefined;
  const buckets = await lateReads.untilFound(async () => {
    try {
      return await client.listBuckets(owner.userId);
    } catch (error) {
      if (error instanceof ApiError && isUnserved(error)) throw noBucketService(owner, error);
      if (!(error instanceof ApiError && isNotFound(error))) throw error;
      refusal = error;
    }
    // A read that still shows the user may be stale.
    const now = await directory.read(owner.emailAddress);
    return now?.userId === owner.userId ? undefined : [];
  });
  if (buckets) return buckets;
  throw bucketsUnknown(owner, refusal);
}

/** References 2.0 and 7.0.5 have no `ostor-buckets`; no document says what such a service answers. */
export function isUnserved({ status }: ApiError): boolean {
  return [400, 405, 501].includes(status);
}

/**
 * Lists the buckets of all users by name. If they are not as expected, the list may be stale: waits, then lists again.
 *
 * @throws ApiError, NetworkError, ShapeError
 */
export async function bucketsByName(
  { client, lateReads }: Pick<Context, "client" | "lateReads">,
  isExpected: (buckets: ReadonlyMap<string, ApiBucket>) => boolean,
): Promise<ReadonlyMap<string, ApiBucket>> {
  const list = async () =>
    new Map((await client.listBuckets()).map((bucket) => [bucket.name, bucket]));
  const first = await list();
  if (isExpected(first)) return first;
  await lateReads.settle();
  return list();
}

/** Finds a bucket by its name: in the run's list, or in a new one if that is older than the bucket. */
export function createFindBucket(client: Context["client"]) {
  let listed: Promise<ApiBucket[]> | undefined;
  const list = () => {
    const asked = client.listBuckets();
    asked.catch(() => {
      if (listed === asked) listed = undefined;
    });
    return (listed = asked);
  };
  return async (name: string): Promise<ApiBucket | undefined> => {
    const isIt = (bucket: ApiBucket) => bucket.name === name;
    const isFresh = listed === undefined;
    const found = (await (listed ?? list())).find(isIt);
    return found ?? (isFresh ? undefined : (await list()).find(isIt));
  };
}
