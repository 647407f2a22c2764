import type { ApiKey } from "../api/schemas";
import { keysOfLeavingUser } from "./bucketMessages";
import type { Owner } from "./buckets";
import type { Context } from "./context";
import { requireEmptyBuckets } from "./deleteBuckets";

/** Keys that leave a stack, and their user. */
export interface OwnedKeys extends Owner {
  accessKeys: readonly ApiKey[];
}

/** What this run knows of the user of keys that leave a stack. */
export interface LeavingPolicy {
  /** Whether empty buckets are deleted with the user. A user that is unknown may not have it: then it is false. */
  deleteEmptyBuckets: boolean;
}

/**
 * Refuses to revoke keys whose user may leave the stack in the same run, if the deletion of that user would be refused: its
 * applications would lose their access, and the user would stay. An engine deletes keys before their user, and says nothing
 * of the user. The user certainly stays if a resource of this run declares it; then nothing is read.
 *
 * @throws CodedError that names the buckets
 */
export async function requireRevocable(
  context: Context,
  { emailAddress, userId, accessKeys }: OwnedKeys,
  { deleteEmptyBuckets }: LeavingPolicy,
): Promise<void> {
  const { claims, directory } = context;
  if (claims.isTaken(userId) || claims.isClaimed(userId)) return;
  const user = await directory.read(emailAddress);
  const left = accessKeys.filter(({ accessKeyId }) =>
    user?.accessKeys.some((key) => key.accessKeyId === accessKeyId),
  );
  if (user?.userId !== userId || left.length === 0) return;
  const ids = left.map(({ accessKeyId }) => accessKeyId);
  const policy = { deleteEmptyBuckets, storedKey: left[0] };
  await requireEmptyBuckets(context, user, policy, (reason, buckets) =>
    keysOfLeavingUser(user, ids, buckets, reason),
  );
}
