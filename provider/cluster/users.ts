import { ApiError, isAmbiguous, isRejected } from "../api/errors";
import type { ApiUser } from "../api/schemas";
import { isGone } from "./gone";
import type { Context } from "./context";
import { finishOrUndo, refuseWhenLost, writeOnce } from "./once";
import {
  adoptWith,
  neverShown,
  recreatedMeanwhile,
  stillExists,
  userDeclaredTwice,
  userExists,
} from "./userMessages";

/**
 * Creates a user that does not exist. From the service's confirmation on, the user exists, and `finish` stores it; if the
 * engine exits meanwhile, the user is deleted again.
 *
 * @param finish - what remains to be done
 * @throws CodedError when the address has a user by then, naming it; NetworkError, ApiError, ShapeError
 */
export async function createUser<T>(
  context: Context,
  emailAddress: string,
  finish: (user: ApiUser) => Promise<T>,
): Promise<T> {
  const attempt = `create user ${emailAddress}`;
  refuseWhenLost(context, attempt);
  const { user, isProved } = await put(context, emailAddress);
  context.directory.created(user);
  context.claims.create(user.userId);
  const undo = () => removeUser(context, user.userId, emailAddress);
  return finishOrUndo(
    context,
    { attempt, isProved, undo, fix: adoptWith(context.adoption.user(user)) },
    () => finish(user),
  );
}

/** A user that was returned or found. */
interface Outcome {
  user: ApiUser;
  /** Whether the service confirmed this very call. */
  isProved: boolean;
  /** Whether it certainly is not the user that this call created. */
  isForeign: boolean;
}

async function put(context: Context, emailAddress: string): Promise<Outcome> {
  const { client, directory } = context;
  const find = async () => {
    const user = await directory.peek(emailAddress);
    return user && { user, isProved: false, isForeign: await isForeign(context, user) };
  };
  const send = async () => {
    const user = await client.createUser(emailAddress);
    // A service may answer 200 with the user that exists: no document excludes it.
    const isForeign = directory.isKnown(user.userId) || !isNew(user);
    return { user, isProved: true, isForeign };
  };
  const fix = "run pulumi up again: it names what exists by then, and how to adopt it";
  const outcome = await writeOnce(context, { send, find, fix }).catch(async (error: unknown) => {
    const existing = await existingAfter(context, error, emailAddress).catch(() => undefined);
    throw existing ? await refuseExisting(context, existing) : error;
  });
  if (outcome.isForeign) throw await refuseExisting(context, outcome.user);
  return outcome;
}

/**
 * The refusal to adopt a user that exists: never implicitly, for it may belong to someone else.
 *
 * @param adopt - the user id that the program adopts
 */
export async function refuseExisting(
  { client, claims, adoption }: Context,
  existing: ApiUser,
  adopt?: string,
): Promise<Error> {
  if (claims.isTaken(existing.userId)) return userDeclaredTwice(existing);
  const buckets = await client.listBuckets(existing.userId).catch(() => undefined);
  return userExists(adoption, existing, buckets, adopt);
}

/** Whether a user that was found cannot be the one that this call created. */
async function isForeign({ client, directory }: Context, user: ApiUser): Promise<boolean> {
  if (directory.isKnown(user.userId) || !isNew(user)) return true;
  if (user.accessKeys.length === 0) return true;
  const buckets = await client.listBuckets(user.userId).catch((error: unknown) => {
    if (isAmbiguous(error)) throw error;
    // A release without `ostor-buckets`.
    return [];
  });
  return buckets.length > 0;
}

/** A new user is enabled and has one access key. */
function isNew({ state, accessKeys }: ApiUser): boolean {
  return state !== "disabled" && accessKeys.length <= 1;
}

/** The user that a conflict is about. It may show late. */
async function existingAfter(
  { directory, lateReads }: Context,
  error: unknown,
  emailAddress: string,
): Promise<ApiUser | undefined> {
  const find = () => directory.peek(emailAddress);
  if (!(error instanceof ApiError) || isAmbiguous(error) || isRejected(error)) return undefined;
  return error.status === 409 ? lateReads.untilFound(find) : find();
}

/**
 * Waits until the service shows a user that was just created: the answer to its creation lacks properties, and a user that
 * does not show yet cannot be given a key.
 *
 * @throws CodedError when it never shows, or another user has its address by then
 */
export async function untilShown(
  { directory, lateReads }: Context,
  { emailAddress, userId }: ApiUser,
): Promise<ApiUser> {
  const shown = await lateReads.untilFound(() => directory.peek(emailAddress));
  if (!shown) throw neverShown(emailAddress);
  if (shown.userId !== userId) throw recreatedMeanwhile(emailAddress, userId, shown.userId);
  return shown;
}

/** Deletes a user by its id. A user that does not exist any more counts as deleted; a 404 alone does not prove it. */
export async function removeUser(
  context: Context,
  userId: string,
  emailAddress: string,
): Promise<void> {
  const { client, directory } = context;
  const isDone =
    (await client.deleteUser(userId, emailAddress)) ||
    (await isGone(context, emailAddress, (now) => now.userId === userId));
  if (!isDone) throw stillExists(emailAddress);
  directory.deletedUser(userId, emailAddress);
}
