import type { ApiUser } from "../api/schemas";
import type { Settings } from "../settings/settings";
import { signingKey } from "./keyMessages";
import { signingUser } from "./userMessages";

/** Whether the key that signs is this user's. Releases 2.x need not list that key, but its id starts with the user's id. */
export function isSigner({ userId, accessKeys }: ApiUser, signingKeyId: string): boolean {
  const signs = accessKeys.some(({ accessKeyId }) => accessKeyId === signingKeyId);
  return signs || signingKeyId.startsWith(userId);
}

/** @throws CodedError for the user whose key signs: disabled or deleted, it would lock this stack out */
export function refuseSigner(
  settings: Settings,
  user: ApiUser,
  operation: "disable" | "delete",
): void {
  if (isSigner(user, settings.accessKeyId)) throw signingUser(settings, user, operation);
}

/** @throws CodedError for the access key that signs */
export function refuseSigningKey(settings: Settings, user: ApiUser, accessKeyId: string): void {
  if (accessKeyId === settings.accessKeyId) throw signingKey(settings, user, accessKeyId);
}
