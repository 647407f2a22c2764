import { ApiError, isRejected, isTransient } from "./api/errors";
import type { ApiUser } from "./api/schemas";
import { generatePair, revokePair } from "./keys";
import { HalfMadeError, warn } from "./lifecycle";
import type { Session } from "./session";
import { stored, type UserInputs, type UserState } from "./userState";

/** Tells whether what is declared takes a request: a change of `deleteEmptyBuckets` alone doesn't. */
export function needsRequests(state: UserState, inputs: UserInputs): boolean {
  const hasPair = state.accessKeyId !== undefined;
  return state.state !== inputs.state || hasPair !== inputs.createAccessKey;
}

/**
 * Brings a user from what was just read to what is declared: enable or disable, generate or revoke the own
 * pair. Call it inside `session.changeKeys`.
 *
 * @returns the new state
 * @throws HalfMadeError holding what was reached, once something was changed; else the failure itself
 */
export async function converge(
  session: Session,
  found: ApiUser,
  state: UserState,
  inputs: UserInputs,
): Promise<UserState> {
  const id = state.emailAddress;
  const reached = { ...state };
  let isChanged = false;
  try {
    if (reached.state !== inputs.state) {
      await setUserState(session, id, inputs.state);
      reached.state = inputs.state;
      isChanged = true;
    }
    await setOwnPair(session, found, reached, inputs.createAccessKey);
    return reached;
  } catch (error) {
    throw isChanged ? new HalfMadeError(id, stored(reached), error) : error;
  }
}

async function setUserState(session: Session, emailAddress: string, state: UserState["state"]) {
  if (state === "enabled") await session.client.enableUser(emailAddress);
  else await session.client.disableUser(emailAddress);
}

/** Generates or revokes the own pair, and says in `reached` what came of it. */
async function setOwnPair(session: Session, found: ApiUser, reached: UserState, wanted: boolean) {
  if (wanted && reached.accessKeyId === undefined) {
    Object.assign(reached, await generatePair(session, found));
  } else if (!wanted && reached.accessKeyId !== undefined) {
    const isRevoked = await revokeOwnPair(session, found, reached.accessKeyId);
    if (isRevoked) Object.assign(reached, { accessKeyId: undefined, secretAccessKey: undefined });
  }
  reached.createAccessKey = wanted;
}

/** Some generations refuse to revoke a user's last pair: it is kept, and said. */
async function revokeOwnPair(
  session: Session,
  found: ApiUser,
  accessKeyId: string,
): Promise<boolean> {
  try {
    await revokePair(session, found, accessKeyId);
    return true;
  } catch (error) {
    // A refusal to revoke one pair of two is no such rule.
    const isLast = found.accessKeys.length === 1;
    const isRefusal =
      isLast && error instanceof ApiError && !isRejected(error) && !isTransient(error);
    if (!isRefusal) throw error;
    warn(`${error.message}; the key is kept as the user's own pair (accessKeyId)`);
    return false;
  }
}
