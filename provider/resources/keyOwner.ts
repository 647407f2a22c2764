import type { ApiKey, ApiUser } from "../api/schemas";
import type { Cluster } from "../cluster/cluster";
import { isUnknown } from "../settings/unknown";
import { warn } from "../text/print";
import {
  adoptNotFound,
  adoptSkipped,
  ownerMissing,
  replaceWithBuckets,
  secretMissing,
  userReplaced,
} from "./messages";

/** Whose keys, as a program declares it. `userId` is given with a User. */
export interface DeclaredOwner {
  user: string;
  userId?: string;
  /** The id of an access key to adopt. */
  adopt?: string;
}

/** Keys as stored: whose they are. */
interface StoredOwner {
  emailAddress: string;
  userId: string;
}

/**
 * Locks the user whose keys are created, and runs `work` on it.
 *
 * @throws CodedError when the user does not exist, or is another one than declared
 */
export function withOwner<T>(
  cluster: Cluster,
  { user: emailAddress, userId, adopt }: DeclaredOwner,
  work: (owner: ApiUser) => Promise<T>,
): Promise<T> {
  // A stale read may lack the key to adopt, which would be left behind.
  const isExpected = (user: ApiUser) =>
    adopt === undefined || cluster.isCreated(user.userId) || hasKey(user, adopt);
  return cluster.withKeyOwner(emailAddress, isExpected, (user) => {
    if (!user) throw ownerMissing(emailAddress);
    if (userId !== undefined && userId !== user.userId) {
      throw userReplaced(emailAddress, userId, user);
    }
    return work(user);
  });
}

/** Which properties show that keys now belong to another user: that replaces them. */
export function ownerChanges(olds: StoredOwner, news: DeclaredOwner): Record<string, boolean> {
  const { user, userId } = news;
  // The preview of an update in place does not know the id of the user: that replaces nothing.
  const isKnown = olds.userId !== "" && userId !== undefined && !isUnknown(userId);
  return { user: user !== olds.emailAddress, userId: isKnown && userId !== olds.userId };
}

/**
 * Refuses, at preview, to replace keys whose user is replaced while it owns buckets: the keys would be revoked first, and then
 * the user could not be deleted. When a user is replaced, both its address and its id are unknown.
 */
export async function refuseReplacement(
  cluster: Cluster | undefined,
  olds: StoredOwner,
  keyIds: readonly string[],
  { user, userId }: DeclaredOwner,
): Promise<void> {
  const isUserReplaced = isUnknown(user) && (userId === undefined || isUnknown(userId));
  if (!cluster || !isUserReplaced) return;
  const buckets = await cluster.bucketsOf(olds);
  if (buckets.length > 0) throw replaceWithBuckets(olds.emailAddress, buckets, keyIds);
}

/**
 * The access key to adopt, if any. An `adopt` line may stay in the program: if its key does not exist any more, or belonged to
 * a user that this run created again, a new key is generated, and a warning says so.
 *
 * @throws CodedError when the key never was this user's: its id does not start with the user's id
 */
export function keyToAdopt(
  cluster: Cluster,
  user: ApiUser,
  id: string | undefined,
): ApiKey | undefined {
  if (id === undefined) return undefined;
  const key = user.accessKeys.find(({ accessKeyId }) => accessKeyId === id);
  if (key) return key;
  if (!id.startsWith(user.userId) && !cluster.isCreated(user.userId)) throw adoptNotFound(user, id);
  warn(adoptSkipped(user, id));
  return undefined;
}

/**
 * Reads the secret of an access key that exists, if no answer contained it.
 *
 * @throws CodedError when the service does not return it
 */
export async function readSecret(
  cluster: Cluster,
  emailAddress: string,
  id: string,
): Promise<string> {
  const secret = await cluster.readSecret(emailAddress, id);
  if (secret === undefined) throw secretMissing(emailAddress, id);
  return secret;
}

/** Whether a user has an access key. */
export function hasKey({ accessKeys }: ApiUser, id: string): boolean {
  return accessKeys.some(({ accessKeyId }) => accessKeyId === id);
}
