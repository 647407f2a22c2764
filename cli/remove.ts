import type { Cluster } from "../provider/cluster/cluster";
import type { Comparison } from "./comparison";
import type { Orphan } from "./orphans";
import { PlainError } from "./pulumi";

/**
 * Deletes a user that no stack holds, by its id. One with buckets is refused: what they hold would be lost.
 *
 * @param isAfterKill - whether a person says that no run is going on
 * @throws PlainError when it or a key of it is a stack's, may be a run's that goes on, is absent, or owns buckets
 */
export async function deleteOrphan(
  userId: string,
  { users, orphans }: Comparison,
  cluster: Cluster,
  isAfterKill: boolean,
): Promise<string> {
  const attempt = `delete user ${userId}`;
  const user = users.find((each) => each.userId === userId);
  if (!user) throw new PlainError(`${attempt}: there is no such user on the cluster`);
  const orphan = orphans.find((each) => each.kind === "user" && each.userId === userId);
  if (!orphan) throw new PlainError(`${attempt}: a stack holds it; remove it from its program`);
  refuseRunning(attempt, orphan, isAfterKill);
  if (orphan.hasHeldKeys) {
    throw new PlainError(
      `${attempt}: a stack holds a key of ${user.emailAddress}; remove it from its program, or if the cluster has no such key any more, run: pulumi refresh`,
    );
  }
  if (orphan.buckets.length > 0) {
    throw new PlainError(
      `${attempt}: ${user.emailAddress} owns buckets (${orphan.buckets.join(", ")}); empty and delete them first`,
    );
  }
  await cluster.deleteUser(user, { deleteEmptyBuckets: false, storedKey: undefined });
  return `deleted user ${user.emailAddress} (${userId})`;
}

/**
 * Revokes a key pair that no stack holds, and looks whether it is gone where an answer leaves that open.
 *
 * @param isAfterKill - whether a person says that no run is going on
 * @throws PlainError when it is a stack's, may be a run's that goes on, or is absent; what `revokeKey` throws
 */
export async function revokeOrphan(
  id: string,
  { users, orphans }: Comparison,
  cluster: Cluster,
  isAfterKill: boolean,
): Promise<string> {
  const attempt = `revoke key ${id}`;
  const user = users.find(({ accessKeys }) => accessKeys.some((pair) => pair.accessKeyId === id));
  if (!user) throw new PlainError(`${attempt}: there is no such key on the cluster`);
  const orphan = orphans.find(({ accessKeyIds }) => accessKeyIds.includes(id));
  if (!orphan) throw new PlainError(`${attempt}: a stack holds it; remove it from its program`);
  refuseRunning(attempt, orphan, isAfterKill);
  await cluster.revokeKey(user, id);
  return `revoked key ${id} of user ${user.emailAddress}`;
}

/** The engine records a creation before it is made: a state can't tell a killed run from one that goes on. */
function refuseRunning(attempt: string, orphan: Orphan, isAfterKill: boolean): void {
  const stacks = orphan.interruptedIn;
  if (stacks.length === 0 || isAfterKill) return;
  const say = stacks.length > 1 ? "say" : "says";
  throw new PlainError(
    `${attempt}: stack ${stacks.join(", ")} ${say} that it is being created; if no run is going on, add --after-kill`,
  );
}
