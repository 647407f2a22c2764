import { isDeepStrictEqual } from "node:util";
import { ApiError, isNotFound, isRejected, isTransient } from "./api/errors";
import type { ApiUser } from "./api/schemas";
import { explain } from "./explain";
import { generatePair, keyIds, readSecret, revokePair } from "./keys";
import { HalfMadeError, warn } from "./lifecycle";
import type { Session } from "./session";
import { refuseSigner } from "./signer";
import { isPairOpen, stored, type UserInputs, type UserState } from "./userState";

/** Tells whether what is declared takes a request: a change of `deleteEmptyBuckets` alone doesn't. */
export function needsRequests(state: UserState, inputs: UserInputs): boolean {
  return state.state !== inputs.state || isPairAsked(state, inputs) || lacksSecret(state);
}

/**
 * Tells whether what is declared of the own pair has changed, or is still to be done. A last pair that the service
 * didn't let go isn't: it is in use by then, maybe, and no change of something else may revoke it.
 */
export function isPairAsked(state: UserState, inputs: UserInputs): boolean {
  return state.createAccessKey !== inputs.createAccessKey || isPairOpen(state);
}

/** What `converge` is to reach; an own pair that nothing is said of is left as it is. */
export interface Asked {
  state: UserState["state"];
  createAccessKey: boolean | undefined;
}

/**
 * Brings a user from what was just read to what is declared: enable or disable, generate or revoke the own
 * pair. Call it inside `session.changeKeys`.
 *
 * @returns the new state
 * @throws HalfMadeError holding what was reached, once something was changed or while the own pair's secret is
 * unknown; else the failure itself
 */
export async function converge(
  session: Session,
  found: ApiUser,
  state: UserState,
  asked: Asked,
): Promise<UserState> {
  const id = state.emailAddress;
  const reached = { ...state };
  const setState = async (wanted: UserState["state"]) => {
    if (asked.state !== wanted || reached.state === wanted) return;
    await setUserState(session, found, id, wanted);
    reached.state = wanted;
  };
  try {
    // Some services change keys of enabled users only.
    await setState("enabled");
    try {
      if (asked.createAccessKey !== undefined) {
        await setOwnPair(session, found, reached, asked.createAccessKey);
      }
    } finally {
      // Whatever is wrong with its keys, a tenant who is to have no access has none.
      await setState("disabled");
    }
    if (lacksSecret(reached)) await tellSecret(session, reached);
    return reached;
  } catch (error) {
    const isChanged = !isDeepStrictEqual(reached, state);
    throw isChanged || lacksSecret(reached) ? new HalfMadeError(id, stored(reached), error) : error;
  }
}

/** An own pair of which nobody knows the secret is of no use. */
function lacksSecret(state: UserState): boolean {
  const { createAccessKey, accessKeyId, secretAccessKey } = state;
  return createAccessKey && accessKeyId !== undefined && secretAccessKey === undefined;
}

async function tellSecret(session: Session, reached: UserState): Promise<void> {
  const { emailAddress, accessKeyId = "" } = reached;
  reached.secretAccessKey = await readSecret(session, emailAddress, accessKeyId);
  if (reached.secretAccessKey !== undefined) return;
  throw new Error(
    `key ${accessKeyId} of user ${emailAddress} exists, but the service doesn't tell its secret; ask the service's administrator, or get another pair: createAccessKey: false, pulumi up, then true again`,
  );
}

async function setUserState(
  session: Session,
  found: ApiUser,
  emailAddress: string,
  state: UserState["state"],
) {
  if (state === "enabled") return session.client.enableUser(emailAddress);
  refuseSigner(session, found, "disable");
  return session.client.disableUser(emailAddress);
}

/** Generates or revokes the own pair, and says in `reached` what came of it. */
async function setOwnPair(session: Session, found: ApiUser, reached: UserState, wanted: boolean) {
  if (isPairOpen(reached) && found.accessKeys.length > 0) {
    warn(
      `user ${reached.emailAddress} has the keys ${keyIds(found)}, and one of them came with the user: adopt: "<id>" takes one over as an AccessKey; revoke what isn't yours`,
    );
  }
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
    // A refusal to revoke one pair of two is no such rule, and a 404 while it is there is no refusal.
    const isLast = found.accessKeys.length === 1;
    const isRefusal = error instanceof ApiError && !isTransient(error) && !isNotFound(error);
    if (!isLast || !isRefusal) throw error;
    // What is refused to these credentials altogether is no rule about a last pair.
    if (isRejected(error)) await session.client.getUser(found.emailAddress);
    const told = explain(new Error(error.message), session.settings);
    warn(`${told}; the key is kept as the user's own pair (accessKeyId)`);
    return false;
  }
}
