import type { ApiBucket, ApiUser } from "../api/schemas";
import { bucketNames } from "../cluster/bucketMessages";
import { keyIds } from "../cluster/keyMessages";
import { failure, type Message } from "../text/message";

/** Someone deleted and re-created the user: what this stack knew does not exist any more. Nothing was sent yet. */
export const userReplaced = (emailAddress: string, userId: string, now: ApiUser) =>
  failure(
    "user-replaced",
    `user ${emailAddress}: the cluster has a different user under this address now (userId ${now.userId}; this stack's was ${userId}); nothing was changed; run: pulumi refresh`,
  );

export const userGone = (attempt: string) =>
  failure(
    "user-not-found",
    `${attempt}: the user does not exist any more; run: pulumi up --refresh`,
  );

export const storedUnreadable = (what: string, property: string, problem: string) =>
  failure(
    "state-unreadable",
    `${what}: ${property} in the stack's state is not what this resource stores (${problem}); remove it with pulumi state delete, then adopt the object; the cluster is not changed`,
  );

/** What a life cycle's `check` found; the front door prints it with a code. */
export const unknownProperty = (name: string, known: readonly string[]) =>
  `${name}: unknown property; known are ${known.join(", ")}`;

export const propertyMissing = (name: string) => `${name} is missing`;

/** @param value - as printed; undefined for a text, which may be a secret */
export const propertyInvalid = (path: string, rule: string, value: string | undefined) =>
  `${path} ${rule}${value === undefined ? "" : `, is ${value}`}`;

export const secretMissing = (emailAddress: string, id: string) =>
  failure(
    "secret-unknown",
    `key ${id} of user ${emailAddress} exists, but the service does not return its secret; ask the service's administrator, or rotate it`,
  );

export const ownerMissing = (emailAddress: string) =>
  failure(
    "user-not-found",
    `create a key of user ${emailAddress}: the user does not exist on the cluster`,
  );

export const replaceWithBuckets = (
  emailAddress: string,
  buckets: readonly ApiBucket[],
  keys: readonly string[],
) =>
  failure(
    "buckets-exist",
    `replace user ${emailAddress}: refused, it owns ${bucketNames(buckets)}, so it cannot be deleted, and its key ${keys.join(" and ")} would be revoked before; nothing was changed; move and delete the buckets first`,
  );

const notThere = (user: ApiUser, id: string) =>
  `adopt key ${id} of user ${user.emailAddress}: the user has no such key (${user.accessKeys.length === 0 ? "it has none" : `it has ${keyIds(user)}`})`;

export const adoptNotFound = (user: ApiUser, id: string) =>
  failure("adopt-not-found", `${notThere(user, id)}; remove adopt to generate a key`);

export const adoptSkipped = (user: ApiUser, id: string): Message => ({
  code: "adopt-not-found",
  text: `${notThere(user, id)}; a new key is generated`,
});

export const userNotFound = (who: string) =>
  failure("user-not-found", `read user ${who}: the user does not exist on the cluster`);

export const oneOfAddressAndId = () =>
  failure("wrong-arguments", "getUser: set exactly one of emailAddress and userId");

export const bucketNotThere = (name: string) =>
  failure("bucket-not-found", `read bucket ${name}: the bucket does not exist on the cluster`);

export const bucketNotFound = (name: string) =>
  failure(
    "bucket-not-found",
    `read bucket ${name}: the bucket does not exist on the cluster; this resource tracks a bucket that its owner created through S3`,
  );

export const otherBucketOwner = (
  { name, ownerId }: ApiBucket,
  declared: string,
  doesExist: boolean,
) =>
  failure(
    "other-owner",
    `read bucket ${name}: its owner is user ${ownerId}, but the declared owner is ${declared}${doesExist ? "" : ", which does not exist"}; correct owner, or leave it out to accept any`,
  );

export const bucketKept = (name: string): Message => ({
  code: "bucket-kept",
  text: `bucket ${name} is no longer tracked; the bucket and its objects stay on the cluster`,
});

export const bucketToRead = (id: string) =>
  failure(
    "bucket-not-found",
    `read bucket ${id}: the bucket does not exist on the cluster; a bucket is read by its name, and getBuckets() returns all of them`,
  );
