import type { ApiBucket, ApiUser } from "../api/schemas";
import { failure } from "../text/message";
import type { Adoption } from "./adoption";
import { keyIds } from "./keyMessages";

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
  adoption: Adoption,
  user: ApiUser,
  buckets: readonly ApiBucket[],
  reason: BucketReason,
  keys: KeysLeft,
) {
  return failure(
    "buckets-exist",
    `delete user ${user.emailAddress}: refused, it owns ${bucketNames(buckets)}; ${reasonText(reason)}; ${keysText(adoption, keys)}`,
  );
}

/** Refuses to revoke keys: their user would lose its access, and could not be deleted. */
export function keysOfLeavingUser(
  { emailAddress }: ApiUser,
  ids: readonly string[],
  buckets: readonly ApiBucket[],
  reason: BucketReason,
) {
  return failure(
    "buckets-exist",
    `revoke key ${ids.join(" and ")} of user ${emailAddress}: refused, no resource of this run keeps the user, and its deletion would be refused: it owns ${bucketNames(buckets)}; ${leavingText(reason)}; to revoke only the key: pulumi state delete <its URN>, then npx pulumi-ostor revoke-key <id>`,
  );
}

/** Only a refresh reads the user of these keys, whose resource has left the program. */
function leavingText(reason: BucketReason): string {
  return reason.kind === "notAsked"
    ? "delete them first, or, if they are empty and the user has deleteEmptyBuckets: true, run again with --refresh"
    : reasonText(reason);
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

function keysText(adoption: Adoption, keys: KeysLeft): string {
  if (!keys) return "its keys could not be read again";
  if (keys.accessKeys.length === 0) return "it has no keys";
  const verb = keys.state === "disabled" ? "remain" : "still work";
  return `its keys ${keyIds(keys)} ${verb}; ${adoption.key("<id>")} brings them back into the stack`;
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
