import type { Client } from "../provider/api/client";
import type { Comparison } from "./comparison";
import { PlainError } from "./pulumi";

/**
 * Deletes a user that no stack holds, by its id. One with buckets is refused: what they hold would be lost.
 *
 * @throws PlainError when it or a key of it is a stack's, when it is absent, or owns buckets
 */
export async function deleteOrphan(
  userId: string,
  { users, orphans }: Comparison,
  client: Client,
): Promise<string> {
  const attempt = `delete user ${userId}`;
  const user = users.find((each) => each.userId === userId);
  if (!user) throw new PlainError(`${attempt}: there is no such user on the cluster`);
  const orphan = orphans.find((each) => each.kind === "user" && each.userId === userId);
  if (!orphan) throw new PlainError(`${attempt}: a stack holds it; remove it from its program`);
  if (orphan.accessKeyIds.length < user.accessKeys.length) {
    throw new PlainError(`${attempt}: a stack holds a key of ${user.emailAddress}`);
  }
  if (orphan.buckets.length > 0) {
    throw new PlainError(
      `${attempt}: ${user.emailAddress} owns buckets (${orphan.buckets.join(", ")}); empty and delete them first`,
    );
  }
  await client.deleteUser(userId, user.emailAddress);
  return `deleted user ${user.emailAddress} (${userId})`;
}

/**
 * Revokes a key pair that no stack holds.
 *
 * @throws PlainError when it is a stack's or absent
 */
export async function revokeOrphan(
  id: string,
  { users, orphans }: Comparison,
  client: Client,
): Promise<string> {
  const attempt = `revoke key ${id}`;
  const user = users.find(({ accessKeys }) => accessKeys.some((pair) => pair.accessKeyId === id));
  if (!user) throw new PlainError(`${attempt}: there is no such key on the cluster`);
  if (!orphans.some(({ accessKeyIds }) => accessKeyIds.includes(id))) {
    throw new PlainError(`${attempt}: a stack holds it; remove it from its program`);
  }
  await client.revokeKey(user.emailAddress, id);
  return `revoked key ${id} of user ${user.emailAddress}`;
}
