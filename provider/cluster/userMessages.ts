import type { ApiBucket, ApiUser } from "../api/schemas";
import { toCredentials } from "../settings/commands";
import type { Settings } from "../settings/settings";
import { failure, type Message } from "../text/message";
import type { Adoption } from "./adoption";
import type { Claims } from "./claims";
import { keyIds, orphans } from "./keyMessages";

export const contradiction = (emailAddress: string) =>
  failure(
    "user-unclear",
    `read user ${emailAddress}: the service answers 404, but its list of users contains this address; nothing was changed; try again later`,
  );

/** Never adopts: the user may belong to someone else. Names what exists, and how to adopt it. */
export function userExists(
  adoption: Adoption,
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
  const other = adopt === undefined ? "" : `; adopt names another user, ${adopt}`;
  return failure(
    "user-exists",
    `create user ${emailAddress}: it already exists (userId ${userId}, ${has.join(", ")})${other}; if it is yours, ${adoptWith(adoption.user(existing))}; if this stack has it under another name, use aliases`,
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

/** @param how - in the words of the front door */
export const adoptWith = (how: string) => `adopt it with ${how}`;

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

export const disabledUser =
  'the user is disabled, and the service may refuse to change its keys: set state: "enabled" first';

export const signingUser = (settings: Settings, { emailAddress }: ApiUser, operation: string) =>
  failure(
    "signing-user",
    `${operation} user ${emailAddress}: its key ${settings.accessKeyId} signs the requests of this stack; nothing was sent; set a key of another system user first${toCredentials(settings)}`,
  );
