import type { Cluster } from "../provider/cluster/cluster";
import type { Comparison } from "./comparison";
import {
  beingCreated,
  deletedUser,
  inStack,
  keyInStack,
  keyNotFound,
  ownsBuckets,
  revokedKey,
  userNotFound,
} from "./messages";
import type { Orphan } from "./orphans";

/**
 * Deletes a user that is in no stack, by its id. A user with buckets is not deleted: their contents would be lost.
 *
 * @param isAfterKill - whether the command line states that no run is in progress
 * @throws CodedError if the user or a key of it is in a stack, may be being created, does not exist, or owns buckets
 */
export async function deleteOrphan(
  userId: string,
  { users, orphans }: Comparison,
  cluster: Cluster,
  isAfterKill: boolean,
): Promise<string> {
  const attempt = `delete user ${userId}`;
  const user = users.find((each) => each.userId === userId);
  if (!user) throw userNotFound(attempt);
  const orphan = orphans.find((each) => each.kind === "user" && each.userId === userId);
  if (!orphan) throw inStack(attempt);
  refuseBeingCreated(attempt, orphan, isAfterKill);
  if (orphan.hasKeysInStacks) throw keyInStack(attempt, user.emailAddress);
  if (orphan.buckets.length > 0) throw ownsBuckets(attempt, user.emailAddress, orphan.buckets);
  await cluster.deleteUser(user, { deleteEmptyBuckets: false, storedKey: undefined });
  return deletedUser(user.emailAddress, userId);
}

/**
 * Revokes an access key that is in no stack.
 *
 * @param isAfterKill - whether the command line states that no run is in progress
 * @throws CodedError if the key is in a stack, may be being created, or does not exist; what `revokeKey` throws
 */
export async function revokeOrphan(
  id: string,
  { users, orphans }: Comparison,
  cluster: Cluster,
  isAfterKill: boolean,
): Promise<string> {
  const attempt = `revoke key ${id}`;
  const user = users.find(({ accessKeys }) => accessKeys.some((key) => key.accessKeyId === id));
  if (!user) throw keyNotFound(attempt);
  const orphan = orphans.find(({ accessKeyIds }) => accessKeyIds.includes(id));
  if (!orphan) throw inStack(attempt);
  refuseBeingCreated(attempt, orphan, isAfterKill);
  await cluster.revokeKey(user, id);
  return revokedKey(id, user.emailAddress);
}

/** A state does not show whether the run that creates something was interrupted or is in progress. */
function refuseBeingCreated(attempt: string, orphan: Orphan, isAfterKill: boolean): void {
  const stacks = orphan.beingCreatedIn;
  if (stacks.length > 0 && !isAfterKill) throw beingCreated(attempt, stacks);
}
