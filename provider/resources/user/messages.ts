import type { ApiBucket, ApiUser } from "../../api/schemas";
import type { Adoption } from "../../cluster/adoption";
import { bucketNames } from "../../cluster/bucketMessages";
import { keyIds } from "../../cluster/keyMessages";
import { failure, type Message } from "../../text/message";
import type { UserInputs, UserState } from "./state";

export const ownKeyRevoked = ({ emailAddress, accessKeyId = "" }: UserState): Message => ({
  code: "own-key-revoked",
  text: `key ${accessKeyId} of user ${emailAddress}, its own key, is revoked by createAccessKey: false; its holders lose access, also if an AccessKey adopted it`,
});

export const deletedFirst = (emailAddress: string, adopt = "") =>
  failure(
    "user-deleted",
    `adopt user ${emailAddress}: this run has just deleted it (userId ${adopt}), because its resource has another address now; nothing was created; without adopt, pulumi up creates a new user`,
  );

export const otherUserKept = (id: string, { userId }: ApiUser): Message => ({
  code: "other-user",
  text: `user ${id}: the user of this stack does not exist any more; a different user (userId ${userId}) has its address and is not deleted`,
});

export const ownKeyUnclear = (adoption: Adoption, user: ApiUser): Message => ({
  code: "own-key-unclear",
  text: `user ${user.emailAddress} has the keys ${keyIds(user)}, and one of them came with the user; ${adoption.key("<id>")} adopts one as an AccessKey; revoke the one that is not yours`,
});

export const notDisabled = (reason: string) => `; the user was not disabled either (${reason})`;

export const ownSecretMissing = (emailAddress: string, id: string) =>
  failure(
    "secret-unknown",
    `key ${id} of user ${emailAddress} exists, but the service does not return its secret; ask the service's administrator, or replace the key: createAccessKey: false, pulumi up, then true again`,
  );

export const sameUser = ({ emailAddress }: UserState, news: UserInputs) =>
  failure(
    "same-user",
    `change the address of user ${emailAddress} to ${news.emailAddress}: for the service both are this user, which would be deleted and created again; keep emailAddress: "${emailAddress}"`,
  );

export const moveWithBuckets = (olds: UserState, news: UserInputs, buckets: readonly ApiBucket[]) =>
  failure(
    "buckets-exist",
    `change the address of user ${olds.emailAddress} to ${news.emailAddress}: the service cannot rename a user; a new user would be created and this one deleted, but it owns ${bucketNames(buckets)}; keep the address, or move and delete the buckets first`,
  );

/** Only a resource that is not in the stack yet can adopt. */
export const moveToExisting = (
  adoption: Adoption,
  { emailAddress }: UserState,
  existing: ApiUser,
) =>
  failure(
    "user-exists",
    `change the address of user ${emailAddress} to ${existing.emailAddress}: that user already exists (userId ${existing.userId}); nothing was changed; to manage it, declare it as a new resource with ${adoption.user(existing)}`,
  );

export const userToRead = (id: string) =>
  failure(
    "user-not-found",
    `read user ${id}: the user does not exist on the cluster; a user is read by its e-mail address, and getUsers() returns all of them`,
  );
