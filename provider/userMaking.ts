import { ApiError, isAmbiguous, isRejected } from "./api/errors";
import type { ApiUser } from "./api/schemas";
import { anotherUser } from "./keys";
import { HalfMadeError } from "./lifecycle";
import { isGone, lookAgain } from "./presence";
import { refuseExisting } from "./refuse";
import type { Session } from "./session";
import { keepOrUndo, refuseWhenLost } from "./undo";
import { converge } from "./userChanges";
import { observed, stored, userState, type UserInputs } from "./userState";
import { writeOnce } from "./write";

/** Makes a user that is not there. */
export async function make(session: Session, inputs: UserInputs) {
  const { emailAddress: id } = inputs;
  const attempt = `create user ${id}`;
  refuseWhenLost(session, attempt);
  const { user, isProved } = await put(session, id);
  const undo = () => remove(session, id, user.userId);
  return keepOrUndo(session, { attempt, isProved, undo, adopt: user.userId }, () =>
    finish(session, user, inputs),
  );
}

/** From the service's yes on, every failure keeps what was made in state. */
async function finish(session: Session, created: ApiUser, inputs: UserInputs) {
  const { emailAddress: id, deleteEmptyBuckets } = inputs;
  const made = { emailAddress: id, deleteEmptyBuckets, createAccessKey: true };
  const state = observed(created, userState({ ...made, ...created.accessKeys[0] }));
  try {
    const visible = await lookAgain(session, () => session.client.getUser(id));
    if (!visible)
      throw new Error(`create user ${id}: it was made, yet the service doesn't show it`);
    if (visible.userId !== created.userId) throw anotherUser(id, created.userId, visible);
    // An answer without keys: the pair that every new user has is the one that shows now.
    const shown = observed(visible, {
      ...state,
      ...visible.accessKeys[0],
      ...created.accessKeys[0],
    });
    return { id, outs: stored(await converge(session, visible, shown, inputs)) };
  } catch (error) {
    throw error instanceof HalfMadeError ? error : new HalfMadeError(id, stored(state), error);
  }
}

/** PUT; whoever was faster is refused, unless an earlier attempt of ours was carried out without an answer. */
async function put(session: Session, emailAddress: string) {
  const look = () => session.client.getUser(emailAddress);
  let isProved = false;
  const write = async () => {
    const created = await session.client.createUser(emailAddress);
    isProved = true;
    return created;
  };
  try {
    const user = await writeOnce(session, write, look);
    return { user, isProved };
  } catch (error) {
    const existing = await existingAfter(session, error, look).catch(() => undefined);
    throw existing ? await refuseExisting(session, existing, undefined) : error;
  }
}

/** Whoever has the address already: after a conflict somebody must be there, and may show late. */
async function existingAfter(
  session: Session,
  error: unknown,
  look: () => Promise<ApiUser | undefined>,
): Promise<ApiUser | undefined> {
  if (!(error instanceof ApiError) || isAmbiguous(error) || isRejected(error)) return undefined;
  return error.status === 409 ? lookAgain(session, look) : look();
}

/** Deletes a user by its id. Already gone is done, but a 404 alone doesn't say so. */
export async function remove(
  session: Session,
  emailAddress: string,
  userId: string,
): Promise<void> {
  if (await session.client.deleteUser(userId, emailAddress)) return;
  if (await isGone(session, emailAddress, (now) => now.userId === userId)) return;
  throw new Error(
    `delete user ${emailAddress}: the service answers 404, yet has this user; try again later`,
  );
}
