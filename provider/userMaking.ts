import { ApiError, isAmbiguous, isRejected } from "./api/errors";
import type { ApiUser } from "./api/schemas";
import { HalfMadeError } from "./lifecycle";
import { findUser, isGone, lookAgain } from "./presence";
import { refuseExisting } from "./refuse";
import type { Session } from "./session";
import { keepOrUndo, refuseWhenLost } from "./undo";
import { converge } from "./userChanges";
import {
  isPairOpen,
  observed,
  stored,
  userState,
  type UserInputs,
  type UserState,
} from "./userState";
import { writeOnce } from "./write";

/**
 * Whoever has an address already. A 404 alone doesn't make it free: the list from before this run made anybody must
 * agree, and where the two differ the service is asked until they don't.
 *
 * @throws NetworkError, ApiError, ShapeError; Error when GET and list go on contradicting each other
 */
export async function findTaker(
  session: Session,
  emailAddress: string,
): Promise<ApiUser | undefined> {
  const shown = await show(session, emailAddress);
  const isTaken = shown === undefined && (await session.roster.holds(emailAddress));
  return isTaken ? findUser(session, emailAddress) : shown;
}

/** Who has an address now. A late read may still tell of whom this run deleted. */
async function show(session: Session, emailAddress: string): Promise<ApiUser | undefined> {
  const user = await session.client.getUser(emailAddress);
  return user && session.roster.hasDropped(user.userId) ? undefined : user;
}

/** Makes a user that is not there. */
export async function make(session: Session, inputs: UserInputs) {
  const { emailAddress: id } = inputs;
  const attempt = `create user ${id}`;
  refuseWhenLost(session, attempt);
  const { user, isProved } = await put(session, id);
  session.roster.add(user);
  session.claims.create(user.userId);
  const undo = () => remove(session, id, user.userId);
  const fix = `adopt: "${user.userId}" takes it over`;
  return keepOrUndo(session, { attempt, isProved, undo, fix }, () => finish(session, user, inputs));
}

/** From the service's yes on, every failure keeps what was made in state. */
async function finish(session: Session, created: ApiUser, inputs: UserInputs) {
  const { emailAddress: id, deleteEmptyBuckets } = inputs;
  const made = { emailAddress: id, deleteEmptyBuckets, createAccessKey: true };
  let state = observed(created, userState({ ...made, ...created.accessKeys[0] }));
  try {
    const looking = lookUntilVisible(session, created, id);
    looking.catch(() => undefined);
    const isReleased = !inputs.createAccessKey && (await release(session, state));
    const visible = await looking;
    // An answer without keys: the pair that every new user has is the one that shows now.
    const pair = isPairOpen(state) ? visible.accessKeys[0] : {};
    state = observed(visible, { ...state, ...pair, ...(isReleased && withoutPair) });
    state = await converge(session, visible, state, inputs);
    if (state.accessKeyId !== undefined) session.claims.create(state.accessKeyId);
    remember(session, visible, state);
    return { id, outs: stored(state) };
  } catch (error) {
    throw error instanceof HalfMadeError ? error : new HalfMadeError(id, stored(state), error);
  }
}

const withoutPair = { createAccessKey: false, accessKeyId: undefined, secretAccessKey: undefined };

/**
 * Revokes the pair that came with a user while the service is asked for the rest. What fails here is done again,
 * and told, once the user shows.
 */
async function release(
  { client, settings }: Session,
  { emailAddress, accessKeyId }: UserState,
): Promise<boolean> {
  // Where keys go by PUT, a yes alone proves nothing.
  if (accessKeyId === undefined || settings.dialect === "put") return false;
  return client.revokeKey(emailAddress, accessKeyId).then(
    () => true,
    () => false,
  );
}

/** The answer to PUT lacks what a user shows besides, and what isn't shown yet can't be given a key. */
async function lookUntilVisible(session: Session, created: ApiUser, id: string): Promise<ApiUser> {
  const visible = await lookAgain(session, () => show(session, id));
  if (!visible) throw new Error(`create user ${id}: it was made, yet the service doesn't show it`);
  if (visible.userId === created.userId) return visible;
  throw new Error(
    `create user ${id}: it was made (userId ${created.userId}) and deleted by somebody at once, and user ${visible.userId} has its address now; run: pulumi refresh`,
  );
}

/** Spares the first AccessKey of the user a look. */
function remember(session: Session, visible: ApiUser, state: UserState): void {
  const { accessKeys, emailAddress } = visible;
  if (accessKeys.length > 1 || emailAddress !== state.emailAddress) return;
  const left = state.accessKeyId === undefined ? [] : accessKeys;
  session.made.set(emailAddress, { ...visible, accessKeys: left, state: state.state });
}

/** A user that was answered or found, and what is known of where it comes from. */
interface Outcome {
  user: ApiUser;
  /** Whether the service said yes to this very call. */
  isProved: boolean;
  isSomebodys: boolean;
}

/** PUT; who can't come of it is refused, also when an earlier attempt may have been carried out without an answer. */
async function put(session: Session, emailAddress: string): Promise<Outcome> {
  const look = async () => {
    const user = await show(session, emailAddress);
    return user && { user, isProved: false, isSomebodys: await isSomebodys(session, user) };
  };
  const write = async () => {
    const user = await session.client.createUser(emailAddress);
    // Some services may answer 200 with the user who exists.
    const isSomebodys = session.roster.knows(user.userId) || isChanged(user);
    return { user, isProved: true, isSomebodys };
  };
  const outcome = await writeOnce(session, write, look).catch(async (error: unknown) => {
    const existing = await existingAfter(session, error, emailAddress).catch(() => undefined);
    throw existing ? await refuseExisting(session, existing, undefined) : error;
  });
  if (outcome.isSomebodys) throw await refuseExisting(session, outcome.user, undefined);
  return outcome;
}

/**
 * Whether a user that was found can't be the one just made: it was there before, or has what no new user has. Where
 * the service doesn't tell buckets, that isn't looked at.
 */
async function isSomebodys(session: Session, user: ApiUser): Promise<boolean> {
  if (session.roster.knows(user.userId) || isChanged(user)) return true;
  if (user.accessKeys.length === 0) return true;
  const buckets = await session.client.listBuckets(user.userId).catch((error: unknown) => {
    if (isAmbiguous(error)) throw error;
    return [];
  });
  return buckets.length > 0;
}

/** A new user is enabled and has one pair. */
function isChanged({ state, accessKeys }: ApiUser): boolean {
  return state === "disabled" || accessKeys.length > 1;
}

/** Whoever has the address already: after a conflict somebody must be there, and may show late. */
async function existingAfter(
  session: Session,
  error: unknown,
  emailAddress: string,
): Promise<ApiUser | undefined> {
  const look = () => show(session, emailAddress);
  if (!(error instanceof ApiError) || isAmbiguous(error) || isRejected(error)) return undefined;
  return error.status === 409 ? lookAgain(session, look) : look();
}

/** Deletes a user by its id. Already gone is done, but a 404 alone doesn't say so. */
export async function remove(
  session: Session,
  emailAddress: string,
  userId: string,
): Promise<void> {
  const isDone =
    (await session.client.deleteUser(userId, emailAddress)) ||
    (await isGone(session, emailAddress, (now) => now.userId === userId));
  if (!isDone) {
    throw new Error(
      `delete user ${emailAddress}: the service answers 404, yet has this user; try again later`,
    );
  }
  session.roster.drop(emailAddress, userId);
}
