import type { ApiBucket, ApiKeyPair, ApiUser } from "../api/schemas";
import { toCredentials, toDialect } from "../settings/commands";
import type { Settings } from "../settings/settings";
import type { Claims } from "./claims";
import { failure, textOf, type Message } from "../text/message";

const orphans = "npx pulumi-ostor orphans";

/** The ids of a user's access keys, as a list for a message. */
export function keyIds({ accessKeys }: Pick<ApiUser, "accessKeys">): string {
  return accessKeys.map(({ accessKeyId }) => accessKeyId).join(", ");
}

export const contradiction = (emailAddress: string) =>
  failure(
    "user-unclear",
    `read user ${emailAddress}: the service answers 404, but its list of users contains this address; nothing was changed; try again later`,
  );

/** Never adopts: the user may belong to someone else. Names what exists, and the line that adopts it. */
export function userExists(
  existing: ApiUser,
  buckets: readonly ApiBucket[] | undefined,
  adopt: string | undefined,
) {
  const { emailAddress, userId, state } = existing;
  const has = [
    state ?? "",
    existing.accessKeys.length === 0 ? "no keys" : `keys ${keyIds(existing)}`,
    buckets === undefined ? "" : `buckets: ${buckets.map(({ name }) => name).join(", ") || "none"}`,
  ].filter((part) => part !== "");
  // Without the state the next update would enable a user that someone suspended.
  const line = `adopt: "${userId}"${state === "disabled" ? ', state: "disabled"' : ""}`;
  const other = adopt === undefined ? "" : `; adopt names another user, ${adopt}`;
  return failure(
    "user-exists",
    `create user ${emailAddress}: it already exists (userId ${userId}, ${has.join(", ")})${other}; if it is yours, adopt it with ${line}; if this stack has it under another name, use aliases`,
  );
}

/** Offers no `adopt` line: two resources that have one user would delete it for each other. */
export const userDeclaredTwice = ({ emailAddress, userId }: ApiUser) =>
  failure(
    "declared-twice",
    `create user ${emailAddress}: another resource of this program declares this user already (userId ${userId}); remove one of the two`,
  );

/** The engine counts the keys of a resource that leaves with its user as deleted, and calls nothing to revoke them. */
export function userClaimed(
  { emailAddress, userId, accessKeys }: ApiUser,
  claims: Claims,
): Message {
  const others = accessKeys.map((key) => key.accessKeyId).filter((id) => !claims.isTaken(id));
  const keys =
    others.length === 0
      ? ""
      : `; no resource of this run keeps, adopts or created its keys ${others.join(", ")}: ${orphans} lists those that are in no stack of the project`;
  return {
    code: "still-declared",
    text: `user ${emailAddress} is not deleted: a resource of this program keeps or adopts it (userId ${userId})${keys}`,
  };
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

/** The line of a program that adopts an object. */
export const adoptLine = (id: string) => `adopt it with adopt: "${id}"`;

/** The command that revokes an access key which is in no stack. */
export const revokeCommand = (id: string) => `npx pulumi-ostor revoke-key ${id} revokes it`;

export const neverShown = (emailAddress: string) =>
  failure(
    "user-not-shown",
    `create user ${emailAddress}: it was created, but the service does not return it`,
  );

export const recreatedMeanwhile = (emailAddress: string, userId: string, otherId: string) =>
  failure(
    "user-replaced",
    `create user ${emailAddress}: it was created (userId ${userId}) and deleted by someone else; user ${otherId} has its address now; run: pulumi refresh`,
  );

export const stillExists = (emailAddress: string) =>
  failure(
    "user-unclear",
    `delete user ${emailAddress}: the service answers 404, but still returns this user; try again later`,
  );

export const outcomeUnknown = (first: unknown, second: unknown, fix: string) =>
  failure(
    "outcome-unknown",
    `${textOf(first)}; whether it was carried out could not be read (${textOf(second)}); ${fix}`,
    second,
  );

export const stoppedBefore = (attempt: string) =>
  failure("run-stopped", `${attempt}: the run was interrupted; nothing was created`);

const stopped = (attempt: string) =>
  `${attempt}: the run was interrupted before this could be recorded`;

export const stoppedUnproved = (attempt: string, fix: string) =>
  failure("run-stopped", `${stopped(attempt)}; it exists and was left as it is; ${fix}`);

export const undone = (attempt: string) =>
  failure("run-stopped", `${stopped(attempt)}; it was deleted again`);

export const notUndone = (attempt: string, fix: string, reason: string, cause: unknown) =>
  failure(
    "run-stopped",
    `${stopped(attempt)}; it could not be deleted again (${reason}); ${fix}`,
    cause,
  );

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
export function severalNewKeys({ emailAddress }: ApiUser, keys: readonly ApiKeyPair[]) {
  return failure(
    "several-new-keys",
    `generate a key of user ${emailAddress}: ${keys.map(({ accessKeyId }) => accessKeyId).join(" and ")} appeared at once; another process changes the keys of this user; revoke what is in no stack (${orphans} lists it), then run pulumi up again`,
  );
}

/** @param keys - what is new among the keys of the other user; of several none can be told apart */
export function strayKey({ emailAddress, userId }: ApiUser, now: ApiUser, keys: ApiKeyPair[]) {
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
  if (settings.dialect === "post") return "";
  return `; only releases 2.x take keys by PUT; for another release${toDialect(settings, "post")}`;
}

export const lastKeyKept = (reason: string): Message => ({
  code: "last-key-kept",
  text: `${reason}; the user keeps it as its own key (accessKeyId)`,
});

export const disabledUser =
  'the user is disabled, and the service may refuse to change its keys: set state: "enabled" first';

export const signingUser = (settings: Settings, { emailAddress }: ApiUser, operation: string) =>
  failure(
    "signing-user",
    `${operation} user ${emailAddress}: its key ${settings.accessKeyId} signs the requests of this stack; nothing was sent; set a key of another system user first${toCredentials(settings)}`,
  );

export const signingKey = (settings: Settings, { emailAddress }: ApiUser, id: string) =>
  failure(
    "signing-key",
    `revoke key ${id} of user ${emailAddress}: it signs the requests of this stack and was not revoked; set another key of a system user first${toCredentials(settings)}`,
  );

/** Why buckets prevent the deletion of their owner. */
export type BucketReason =
  | { kind: "notAsked" }
  | { kind: "disabledOwner" }
  | { kind: "notEmpty" }
  | { kind: "uploadsUnknown"; message: string }
  | { kind: "ownerRejected"; accessKeyId: string | undefined };

/** The user with the keys that it has now; undefined if they could not be read. */
export type KeysLeft = ApiUser | undefined;

/** Names the buckets that prevent the deletion of their owner, and the keys that still work. */
export function bucketsInTheWay(
  user: ApiUser,
  buckets: readonly ApiBucket[],
  reason: BucketReason,
  keys: KeysLeft,
) {
  return failure(
    "buckets-exist",
    `delete user ${user.emailAddress}: refused, it owns ${bucketNames(buckets)}; ${reasonText(reason)}; ${keysText(keys)}`,
  );
}

function reasonText(reason: BucketReason): string {
  switch (reason.kind) {
    case "notAsked":
      return "delete them first, or set deleteEmptyBuckets: true and run pulumi up before";
    case "disabledOwner":
      return 'the buckets of a disabled user cannot be checked: set state: "enabled" first';
    case "notEmpty":
      return "they hold objects, versions or unfinished uploads, which are never deleted with a user";
    case "uploadsUnknown":
      return `${reason.message}, so they may not be empty: the owner must delete them first`;
    case "ownerRejected":
      return reason.accessKeyId === undefined
        ? "the service returns no secret of the owner and rejects the administrator: the owner must delete them first"
        : `the service rejects the owner's key ${reason.accessKeyId}, as it does for a disabled user, so the buckets cannot be checked: set state: "enabled" first`;
  }
}

function keysText(keys: KeysLeft): string {
  if (!keys) return "its keys could not be read again";
  if (keys.accessKeys.length === 0) return "it has no keys";
  const verb = keys.state === "disabled" ? "remain" : "still work";
  return `its keys ${keyIds(keys)} ${verb}; adopt: "<id>" brings them back into the stack`;
}

/** Buckets with their sizes, as a list for a message. */
export function bucketNames(buckets: readonly ApiBucket[]): string {
  const list = buckets.map(({ name, currentBytes }) => `${name} (${currentBytes} B)`).join(", ");
  return `${buckets.length === 1 ? "bucket" : `${buckets.length} buckets:`} ${list}`;
}

export const bucketForbidden = ({ emailAddress }: ApiUser, error: Error) =>
  failure(
    "bucket-not-deleted",
    `delete user ${emailAddress}: ${error.message}; nothing more was deleted; the owner must delete the buckets first`,
  );

export const bucketNotDeleted = ({ emailAddress }: ApiUser, error: Error) =>
  failure(
    "bucket-not-deleted",
    `delete user ${emailAddress}: ${error.message}; nothing more was deleted`,
    error,
  );

const withoutBuckets =
  "on a release without ostor-buckets, delete the user with ostor-s3-admin, then run: pulumi refresh";

export const noBucketService = ({ emailAddress }: { emailAddress: string }, error: Error) =>
  failure(
    "buckets-unknown",
    `${error.message}; the buckets of user ${emailAddress} are unknown, so it is not deleted; ${withoutBuckets}`,
  );

export const bucketsUnknown = ({ emailAddress }: { emailAddress: string }, error?: Error) =>
  failure(
    "buckets-unknown",
    `${error?.message ?? "list buckets"}; user ${emailAddress} exists, so its buckets are unknown; nothing of it was changed; try again later; ${withoutBuckets}`,
    error,
  );
