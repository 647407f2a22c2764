import type { ApiUser } from "./api/schemas";
import { toCredentials } from "./explain";
import type { Session } from "./session";

/**
 * Whether it is the user whose key signs. Releases 2.x needn't tell that pair; but a pair's id begins with its user's.
 */
export function isSigner({ userId, accessKeys }: ApiUser, signingKeyId: string): boolean {
  const signs = accessKeys.some(({ accessKeyId }) => accessKeyId === signingKeyId);
  return signs || signingKeyId.startsWith(userId);
}

/**
 * Refuses what would lock this stack out, and perhaps everybody: the user couldn't even be enabled again.
 *
 * @throws Error, before anything is sent, for the user whose key signs the requests
 */
export function refuseSigner(
  { settings }: Session,
  user: ApiUser,
  operation: "disable" | "delete",
): void {
  if (!isSigner(user, settings.accessKeyId)) return;
  throw new Error(
    `${operation} user ${user.emailAddress}: its key ${settings.accessKeyId} signs the requests of this stack, and nothing was sent; set another key of a system user first${toCredentials(settings)}`,
  );
}

/**
 * Refuses to revoke what signs, which would do the same.
 *
 * @throws Error, before anything is sent, for the key that signs the requests
 */
export function refuseSigningKey({ settings }: Session, user: ApiUser, accessKeyId: string): void {
  if (accessKeyId !== settings.accessKeyId) return;
  throw new Error(
    `revoke key ${accessKeyId} of user ${user.emailAddress}: it signs the requests of this stack, and was not revoked; set another key of a system user first${toCredentials(settings)}`,
  );
}
