import type { Client } from "../provider/api/client";
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
  client: Client,
  isAfterKill: boolean,
): Promise<string> {
  const attempt = `delete user ${userId}`;
  const user = users.find((each) => each.userId === userId);
  if (!user) throw new PlainError(`${attempt}: there is no such user on the cluster`);
  const orphan = orphans.find((each) => each.kind === "user" && each.userId === userId);
  if (!orphan) throw new PlainError(`${attempt}: a stack holds it; remove it from its program`);
  refuseRunning(attempt, orphan, isAfterKill);
  if (orphan.accessKeyIds.length < user.accessKeys.length) {
    throw new PlainError(`${attempt}: a stack holds a key of ${user.emailAddress}`);
  }
  if (orphan.buckets.length > 0) {
    throw new PlainError(
      `${attempt}: ${user.emailAddress} owns buckets (${orphan.buckets.join(", ")}); empty and delete them first`,
    );
  }
  if (!(await client.deleteUser(userId, user.emailAddress))) {
    throw new PlainError(`${attempt}: the service answers 404; run npx pulumi-ostor orphans again`);
  }
  return `deleted user ${user.emailAddress} (${userId})`;
}

/**
 * Revokes a key pair that no stack holds.
 *
 * @param isAfterKill - whether a person says that no run is going on
 * @throws PlainError when it is a stack's, may be a run's that goes on, or is absent
 */
export async function revokeOrphan(
  id: string,
  { users, orphans }: Comparison,
  client: Client,
  isAfterKill: boolean,
): Promise<string> {
  const attempt = `revoke key ${id}`;
  const user = users.find(({ accessKeys }) => accessKeys.some((pair) => pair.accessKeyId === id));
  if (!user) throw new PlainError(`${attempt}: there is no such key on the cluster`);
  const orphan = orphans.find(({ accessKeyIds }) => accessKeyIds.includes(id));
  if (!orphan) throw new PlainError(`${attempt}: a stack holds it; remove it from its program`);
  refuseRunning(attempt, orphan, isAfterKill);
  await client.revokeKey(user.emailAddress, id);
  return `revoked key ${id} of user ${user.emailAddress}`;
}

/** The engine records a creation before it is made: a state can't tell a killed run from one that goes on. */
function refuseRunning(attempt: string, orphan: Orphan, isAfterKill: boolean): void {
  if (!orphan.wasInterrupted || isAfterKill) return;
  throw new PlainError(
    `${attempt}: a stack says that it is being created; if no run is going on, add --after-kill`,
  );
}
