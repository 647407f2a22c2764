import { ApiError, isNotFound, isRejected, ShapeError } from "./api/errors";
import type { ApiBucket, ApiKeyPair, ApiUser } from "./api/schemas";
import type { Credentials } from "./api/sign";
import { keyIds } from "./keys";
import { findUser, lookAgain } from "./presence";
import type { Session } from "./session";
import type { UserInputs, UserState } from "./userState";

/**
 * Makes way for deleting a user: with `deleteEmptyBuckets` its empty buckets go, all looked at before any is
 * deleted. Nothing that holds an object, a version or an unfinished upload is ever deleted.
 *
 * @throws Error that names the buckets in the way, their sizes and the keys that go on working
 */
export async function clearBuckets(
  session: Session,
  user: ApiUser,
  state: UserState,
): Promise<void> {
  const buckets = await bucketsOf(session, user);
  if (buckets.length === 0) return;
  const refuse = async (reason: string, inTheWay = buckets): Promise<never> => {
    throw await refusal(session, user, inTheWay, reason);
  };
  if (!state.deleteEmptyBuckets) {
    await refuse("delete them first, or set deleteEmptyBuckets: true and run pulumi up before");
  }
  if (user.state === "disabled") {
    await refuse("a disabled user's buckets can't be looked at: set state: \"enabled\" first");
  }
  const { accessKeyId = "", secretAccessKey } = state;
  const known = [...user.accessKeys, { accessKeyId, secretAccessKey }];
  const signer = ownersPair(known) ?? session.settings;
  const looks = buckets.map(({ name }) => session.client.isBucketEmpty(name, signer));
  const isEmpty = await Promise.all(looks).catch(async (error: unknown) => {
    if (error instanceof Error && isUntold(error)) {
      return refuse(`${error.message}, so they may not be empty: have the owner delete them first`);
    }
    if (!isRejected(error)) throw error;
    return refuse(
      signer === session.settings
        ? "the service tells no secret of the owner, and refuses the administrator: have the owner delete them first"
        : `its key ${signer.accessKeyId} is refused, as a disabled user's is, so they can't be looked at: set state: "enabled" first`,
    );
  });
  const full = buckets.filter((_, index) => isEmpty[index] !== true);
  if (full.length > 0) {
    await refuse(
      "they hold objects, versions or unfinished uploads, which are never deleted from here",
      full,
    );
  }
  for (const { name } of buckets) await deleteBucket(session, user, name, signer);
}

/** A service that knows no uploads in parts, or doesn't list them. */
function isUntold(error: Error): boolean {
  const isNoList = error instanceof ShapeError || (error instanceof ApiError && isUnserved(error));
  return isNoList && error.message.startsWith("list uploads ");
}

async function deleteBucket(session: Session, user: ApiUser, name: string, signer: Credentials) {
  const error = await session.client.deleteBucket(name, signer).catch((reason: unknown) => {
    if (reason instanceof ApiError && (reason.status === 409 || isRejected(reason))) return reason;
    throw reason;
  });
  if (!(error instanceof ApiError)) return;
  const told = `delete user ${user.emailAddress}: ${error.message}; nothing more was deleted`;
  // The credentials are right, so nothing is to be told of them: a policy of the bucket forbids it.
  if (isRejected(error)) throw new Error(`${told}: have the owner delete its buckets first`);
  throw new Error(told, { cause: error });
}

/** A pair of the owner whose secret is known: some services tell it only once, and then the state has it. */
function ownersPair(pairs: readonly ApiKeyPair[]): Credentials | undefined {
  return pairs.flatMap(({ accessKeyId, secretAccessKey }) =>
    secretAccessKey === undefined ? [] : [{ accessKeyId, secretAccessKey }],
  )[0];
}

async function refusal(
  session: Session,
  user: ApiUser,
  buckets: ApiBucket[],
  reason: string,
): Promise<Error> {
  const keys = await keysLeft(session, user);
  return new Error(
    `delete user ${user.emailAddress}: refused, it owns ${named(buckets)}; ${reason}; ${keys}`,
  );
}

/**
 * Tells of the keys that are there now. A key whose `user` is an address as a text doesn't know of the user's removal,
 * and is revoked beside it: what is under way already is waited for.
 */
async function keysLeft(session: Session, { emailAddress, userId }: ApiUser): Promise<string> {
  const read = () => session.client.getUser(emailAddress);
  const now = await session.changeKeys(emailAddress, read).catch(() => undefined);
  if (now?.userId !== userId) return "its keys couldn't be read again";
  if (now.accessKeys.length === 0) return "it has no keys";
  const are = now.state === "disabled" ? "stay" : "still work";
  return `its keys ${keyIds(now)} ${are}, and come back into the stack with adopt: "<id>"`;
}

function named(buckets: ApiBucket[]): string {
  const list = buckets.map(({ name, currentBytes }) => `${name} (${currentBytes} B)`).join(", ");
  return `${buckets.length === 1 ? "bucket" : `${buckets.length} buckets:`} ${list}`;
}

/**
 * Refuses, before anything is sent, to replace a key because its user is replaced, when that user owns
 * buckets: the key would be revoked first, and then the user can't be deleted.
 */
export async function refuseReplacementWithBuckets(
  session: Session,
  { accessKeyId, ...owner }: Owner & { accessKeyId: string },
): Promise<void> {
  const buckets = await bucketsOf(session, owner);
  if (buckets.length === 0) return;
  throw new Error(
    `replace user ${owner.emailAddress}: refused, it owns ${named(buckets)}, so it can't be deleted, and its key ${accessKeyId} would be revoked before; nothing was changed; have the buckets moved and deleted first`,
  );
}

/**
 * Refuses, at preview, a change of address of a user who owns buckets: it would make a new user and delete
 * this one. Empty buckets pass where the stored state says that they may go.
 */
export async function refuseMoveWithBuckets(
  session: Session,
  olds: UserState,
  news: UserInputs,
): Promise<void> {
  const buckets = await bucketsOf(session, olds);
  const inTheWay = olds.deleteEmptyBuckets
    ? buckets.filter(({ currentBytes }) => currentBytes > 0)
    : buckets;
  if (inTheWay.length === 0) return;
  throw new Error(
    `change address of user ${olds.emailAddress} to ${news.emailAddress}: the service can't rename, a new user would be made and this one deleted, but it owns ${named(inTheWay)}; keep the address, or have the buckets moved and deleted first`,
  );
}

interface Owner {
  emailAddress: string;
  userId: string;
}

/**
 * A user who is gone owns nothing; else a stack whose replacement broke off halfway could never go on. A 404 alone
 * doesn't say that: it may be another web server's. And a read that still shows the user may be late.
 */
async function bucketsOf(session: Session, owner: Owner): Promise<ApiBucket[]> {
  const { emailAddress, userId } = owner;
  let refusal: ApiError | undefined;
  const buckets = await lookAgain(session, async () => {
    try {
      return await session.client.listBuckets(userId);
    } catch (error) {
      if (error instanceof ApiError && isUnserved(error)) throw unserved(owner, error);
      if (!(error instanceof ApiError && isNotFound(error))) throw error;
      refusal = error;
    }
    const now = await findUser(session, emailAddress);
    return now?.userId === userId ? undefined : [];
  });
  if (buckets) return buckets;
  throw new Error(
    `${refusal?.message ?? ""}; user ${emailAddress} is there, so what it owns isn't known, and nothing of it was changed: try again later; ${withoutBuckets}`,
    { cause: refusal },
  );
}

/** References 2.0 and 7.0.5 have no `ostor-buckets`; what such a service answers is documented nowhere. */
function isUnserved({ status }: ApiError): boolean {
  return [400, 405, 501].includes(status);
}

const withoutBuckets =
  "on a release that doesn't tell buckets (no ostor-buckets) delete the user with ostor-s3-admin, then run: pulumi refresh";

/** Deleted without a look at its buckets a user would be deleted on trust in a refusal that nobody documents. */
function unserved({ emailAddress }: Owner, refusal: ApiError): Error {
  return new Error(
    `${refusal.message}; what user ${emailAddress} owns isn't known, so it is not deleted: ${withoutBuckets}`,
  );
}
