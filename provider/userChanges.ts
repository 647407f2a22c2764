import { isDeepStrictEqual } from "node:util";
import { ApiError, isNotFound, isRejected, isTransient } from "./api/errors";
import type { ApiUser } from "./api/schemas";
import { explain } from "./explain";
import { generatePair, keyIds, readSecret } from "./keys";
import { HalfMadeError, warn } from "./lifecycle";
import { claimedKey, revokePair } from "./revoke";
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
  const isAsked = (wanted: UserState["state"]) =>
    asked.state === wanted && reached.state !== wanted;
  if (isAsked("disabled")) refuseSigner(session, found, "disable");
  const setState = async (wanted: UserState["state"]) => {
    if (!isAsked(wanted)) return;
    const { client } = session;
    await (wanted === "enabled" ? client.enableUser(id) : client.disableUser(id));
    reached.state = wanted;
  };
  const disable = () => setState("disabled");
  try {
    // Some services change keys of enabled users only.
    await setState("enabled");
    if (asked.createAccessKey !== undefined) {
      await setOwnPair(session, found, reached, asked.createAccessKey).catch(
        async (error: unknown) => {
          if (isAsked("disabled")) await disableAnyway(session, found, error, disable);
          throw error;
        },
      );
    }
    await disable();
    if (lacksSecret(reached)) await tellSecret(session, reached);
    return reached;
  } catch (error) {
    const isChanged = !isDeepStrictEqual(reached, state);
    throw isChanged || lacksSecret(reached) ? new HalfMadeError(id, stored(reached), error) : error;
  }
}

/**
 * Whatever is wrong with its keys, a tenant who is to have no access has none. By now another user may have the address.
 *
 * @param failure - what the run ends with all the same; told if this fails too
 */
async function disableAnyway(
  { client }: Session,
  { emailAddress, userId }: ApiUser,
  failure: unknown,
  disable: () => Promise<void>,
): Promise<void> {
  try {
    if ((await client.getUser(emailAddress))?.userId === userId) await disable();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (failure instanceof Error) failure.message += `; nor was the user disabled (${why})`;
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
    const outcome = await revokePair(session, found, accessKeyId);
    if (outcome === "claimed") warn(claimedKey(found, accessKeyId));
    return true;
  } catch (error) {
    // A refusal to revoke one pair of two is no such rule, nor one for a disabled user; a 404 while it is there is none.
    const isLast = found.accessKeys.length === 1 && found.state !== "disabled";
    const isRefusal = error instanceof ApiError && !isTransient(error) && !isNotFound(error);
    if (!isLast || !isRefusal) throw error;
    // What is refused to these credentials altogether is no rule about a last pair.
    if (isRejected(error)) await session.client.getUser(found.emailAddress);
    const told = explain(isRejected(error) ? new Error(error.message) : error, session.settings);
    warn(`${told}; the key is kept as the user's own pair (accessKeyId)`);
    return false;
  }
}
