import { useOtherDialect } from "../api/fixMessages";
import type { ApiKey, ApiUser } from "../api/schemas";
import { toCredentials } from "../settings/commands";
import type { Settings } from "../settings/settings";
import { failure, type Message } from "../text/message";
import type { Claims } from "./claims";

/** The command that lists what is in no stack. */
export const orphans = "npx pulumi-ostor orphans";

/** The ids of a user's access keys, as a list for a message. */
export function keyIds({ accessKeys }: Pick<ApiUser, "accessKeys">): string {
  return accessKeys.map(({ accessKeyId }) => accessKeyId).join(", ");
}

export const keysClaimed = ({ emailAddress }: ApiUser, ids: readonly string[]) =>
  failure(
    "still-declared",
    `delete user ${emailAddress}: refused, this program still declares its keys ${ids.join(", ")}, which would be deleted with it; remove these resources too, or keep the user`,
  );

export const keyClaimed = ({ emailAddress }: ApiUser, id: string): Message => ({
  code: "still-declared",
  text: `key ${id} of user ${emailAddress} is not revoked: a resource of this program keeps or adopts it; to rotate a key change its keepers`,
});

/** The command that revokes an access key which is in no stack. */
export const revokeCommand = (id: string) => `npx pulumi-ostor revoke-key ${id} revokes it`;

/**
 * Offers no `adopt` line: a replacement ignores it, and a key that an interrupted run left is of no use, for nobody ever had
 * its secret.
 */
export function slotsFull(claims: Claims, user: ApiUser) {
  const full = `create a key of user ${user.emailAddress}: it has the two keys that the service allows (${keyIds(user)})`;
  return failure(
    "slots-full",
    user.accessKeys.every(({ accessKeyId }) => claims.isTaken(accessKeyId))
      ? `${full}, and other resources of this program declare both; remove one`
      : `${full}; ${orphans} lists those that are in no stack of the project: revoke one with npx pulumi-ostor revoke-key <id>; to rotate a key in place of the old one set replaceOrder: "delete-first"`,
  );
}

/** Another run's key looks the same. Two at once are refused; one alone cannot be told apart. */
export const keyFoundAfter = ({ emailAddress }: ApiUser, id: string): Message => ({
  code: "key-found",
  text: `key ${id} of user ${emailAddress} was found after an answer that was lost or incomplete; this run takes it for the key that it generated; if another process generated keys of this user at that moment, check whose key it is`,
});

/**
 * How to find a key that may have been generated although nothing could be read. Revoking it is always right, for nobody ever
 * had its secret.
 */
export const otherKeysHint = (user: ApiUser) =>
  `user ${user.emailAddress} had ${user.accessKeys.length === 0 ? "no keys" : `the keys ${keyIds(user)}`} before; any other that ${orphans} lists may come from this run: revoke it with npx pulumi-ostor revoke-key <id>, then run pulumi up again`;

export const noNewKey = (settings: Settings, { emailAddress }: ApiUser) =>
  failure(
    "no-new-key",
    `generate a key of user ${emailAddress}: the service reported success, but shows no new key${ofDialect(settings)}`,
  );

/** Two at once cannot be told apart, so neither is taken. */
export function severalNewKeys({ emailAddress }: ApiUser, keys: readonly ApiKey[]) {
  return failure(
    "several-new-keys",
    `generate a key of user ${emailAddress}: ${keys.map(({ accessKeyId }) => accessKeyId).join(" and ")} appeared at once; another process changes the keys of this user; revoke what is in no stack (${orphans} lists it), then run pulumi up again`,
  );
}

/** @param keys - what is new among the keys of the other user; of several none can be told apart */
export function strayKey({ emailAddress, userId }: ApiUser, now: ApiUser, keys: ApiKey[]) {
  const [only] = keys.length === 1 ? keys : [];
  const key = only
    ? `key ${only.accessKeyId} was generated for it: ${revokeCommand(only.accessKeyId)}`
    : `a key may have been generated for it: ${orphans} lists those that are in no stack`;
  return failure(
    "user-replaced",
    `generate a key of user ${emailAddress}: someone deleted the user (userId ${userId}), and user ${now.userId} has its address now; ${key}; then run: pulumi refresh`,
  );
}

export const recreatedByPut = ({ emailAddress, userId }: ApiUser, id: string, now: ApiUser) =>
  failure(
    "user-replaced",
    `revoke key ${id} of user ${emailAddress}: someone deleted the user (userId ${userId}) and its keys; the PUT of dialect "put" may have created user ${now.userId}, which has its address now; ${orphans} lists that user if it is in no stack; then run: pulumi refresh`,
  );

export const stillShown = (settings: Settings, { emailAddress }: ApiUser, id: string) =>
  failure(
    "key-still-shown",
    `revoke key ${id} of user ${emailAddress}: the service reported success, but still returns the key${ofDialect(settings)}`,
  );

/** A service that takes keys by POST may confirm the PUT of a user, whatever else the PUT asks for. */
function ofDialect(settings: Settings): string {
  return settings.dialect === "post" ? "" : `; ${useOtherDialect(settings)}`;
}

export const lastKeyKept = (reason: string): Message => ({
  code: "last-key-kept",
  text: `${reason}; the user keeps it as its own key (accessKeyId)`,
});

export const signingKey = (settings: Settings, { emailAddress }: ApiUser, id: string) =>
  failure(
    "signing-key",
    `revoke key ${id} of user ${emailAddress}: it signs the requests of this stack and was not revoked; set another key of a system user first${toCredentials(settings)}`,
  );
