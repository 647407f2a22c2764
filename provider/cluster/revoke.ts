import { ApiError, isNotFound, isRejected, isTransient } from "../api/errors";
import { explain } from "../api/explain";
import type { ApiUser } from "../api/schemas";
import { warn } from "../text/print";
import type { Context } from "./context";
import { isGone } from "./gone";
import { keyClaimed, lastKeyKept, recreatedByPut, stillShown } from "./keyMessages";
import { disabledUser } from "./userMessages";
import { refuseSigningKey } from "./signer";

/**
 * Revokes a user's own key.
 *
 * @returns `"kept"` if it is the user's last key, which some releases refuse to revoke; a warning says so
 * @throws ApiError, NetworkError, CodedError
 */
export async function revokeOwnKey(
  context: Context,
  user: ApiUser,
  accessKeyId: string,
): Promise<"revoked" | "claimed" | "kept"> {
  try {
    return await revokeKey(context, user, accessKeyId);
  } catch (error) {
    // A disabled user's key, or one of two, is refused for another reason; so is a key that does not exist.
    const isLast = user.accessKeys.length === 1 && user.state !== "disabled";
    const isRefusal = error instanceof ApiError && !isTransient(error) && !isNotFound(error);
    if (!isLast || !isRefusal) throw error;
    // Credentials that the service rejects altogether say nothing about a last key.
    if (isRejected(error)) await context.client.getUser(user.emailAddress);
    const reason = isRejected(error) ? error.message : explain(error, context.settings);
    warn(lastKeyKept(reason));
    return "kept";
  }
}

/**
 * Revokes an access key. The caller holds the user's lock. A refusal counts only if the key still exists afterwards. A
 * key that another resource of the program has is not revoked; a warning says so.
 *
 * @throws ApiError, NetworkError; CodedError, before anything is sent, for the key that signs the requests
 */
export async function revokeKey(
  context: Context,
  user: ApiUser,
  accessKeyId: string,
): Promise<"revoked" | "claimed"> {
  const { claims, client, directory, settings } = context;
  if (claims.isClaimed(accessKeyId)) {
    warn(keyClaimed(user, accessKeyId));
    return "claimed";
  }
  // Stale reads may still show it: it must not pass for a key that this run generated.
  claims.meet([accessKeyId]);
  refuseSigningKey(settings, user, accessKeyId);
  const refusal = await refusalOf(client.revokeKey(user.emailAddress, accessKeyId));
  const isCertain = refusal === undefined && settings.dialect === "post";
  if (!isCertain) await requireRevoked(context, user, accessKeyId, refusal);
  directory.revokedKey(accessKeyId);
  return "revoked";
}

/** A refusal may be the echo of an attempt that was carried out; with dialect `put` a success alone proves nothing. */
async function requireRevoked(
  context: Context,
  user: ApiUser,
  accessKeyId: string,
  refusal: ApiError | undefined,
): Promise<void> {
  const { settings, directory } = context;
  const hasKey = (now: ApiUser) =>
    now.userId === user.userId && now.accessKeys.some((key) => key.accessKeyId === accessKeyId);
  if (refusal && !isNotFound(refusal)) {
    const now = await directory.read(user.emailAddress);
    if (now && hasKey(now)) throw ofDisabled(user, refusal);
    refuseRecreated(context, user, accessKeyId, now);
  } else if (!(await isGone(context, user.emailAddress, hasKey))) {
    throw refusal ? ofDisabled(user, refusal) : stillShown(settings, user, accessKeyId);
  } else if (!refusal) {
    refuseRecreated(context, user, accessKeyId, await directory.peek(user.emailAddress));
  }
}

/** The PUT of dialect `put` creates a user if someone has just deleted this one. */
function refuseRecreated(
  { settings }: Context,
  user: ApiUser,
  accessKeyId: string,
  now: ApiUser | undefined,
): void {
  if (settings.dialect !== "put" || now === undefined || now.userId === user.userId) return;
  throw recreatedByPut(user, accessKeyId, now);
}

/** @throws what is no answer of the service to the request */
async function refusalOf(work: Promise<void>): Promise<ApiError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError) || isRejected(error)) throw error;
    return error;
  }
}

/**
 * Revokes the access key that came with a user while the user does not show yet. What fails here is repeated, and reported,
 * once the user shows.
 *
 * @returns whether the key is certainly revoked
 */
export async function revokeFirstKey(
  { client, settings, directory }: Context,
  { emailAddress, accessKeys }: ApiUser,
): Promise<boolean> {
  const id = accessKeys[0]?.accessKeyId;
  // With dialect `put` a success alone proves nothing.
  if (id === undefined || settings.dialect === "put") return false;
  const isRevoked = await client.revokeKey(emailAddress, id).then(
    () => true,
    () => false,
  );
  if (isRevoked) directory.revokedKey(id);
  return isRevoked;
}

/** Adds the likely cause to a refusal to change the keys of a disabled user: some releases refuse it. */
export function ofDisabled(user: ApiUser, error: unknown): unknown {
  const isRefusal = error instanceof ApiError && !isRejected(error) && !isTransient(error);
  if (isRefusal && user.state === "disabled") error.message += `; ${disabledUser}`;
  return error;
}
