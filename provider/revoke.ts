import { ApiError, isNotFound, isRejected, isTransient } from "./api/errors";
import type { ApiUser } from "./api/schemas";
import { toDialect } from "./explain";
import { findUser, isGone, lookAgain } from "./presence";
import type { Session } from "./session";
import { refuseSigningKey } from "./signer";
import { refuseMadeUser } from "./strayKey";

/**
 * Revokes an access key. A refusal counts only if the key still exists afterwards.
 *
 * @returns `"claimed"`, and nothing is sent, when a resource of the program keeps or adopts the key
 * @throws ApiError, NetworkError; Error, before anything is sent, for the key that signs the requests
 */
export async function revokePair(
  session: Session,
  user: ApiUser,
  accessKeyId: string,
): Promise<"revoked" | "claimed"> {
  if (session.claims.isClaimed(accessKeyId)) return "claimed";
  // Stale reads may go on showing it: it must not pass for a key that this run generated.
  session.claims.meet([accessKeyId]);
  const { emailAddress } = user;
  refuseSigningKey(session, user, accessKeyId);
  const hasPair = (now: ApiUser) => now.accessKeys.some((pair) => pair.accessKeyId === accessKeyId);
  const isPut = session.settings.dialect === "put";
  const refusal = await refusalOf(session.client.revokeKey(emailAddress, accessKeyId));
  if (refusal && !isNotFound(refusal)) {
    const now = await findUser(session, emailAddress);
    if (isPut) refuseMadeUser(user, accessKeyId, now);
    if (now && hasPair(now)) throw ofDisabled(user, refusal);
    return "revoked";
  }
  if (!refusal && !isPut) return "revoked";
  const isRevoked = await isGone(session, emailAddress, hasPair);
  if (!isRevoked)
    throw refusal ? ofDisabled(user, refusal) : stillShown(session, user, accessKeyId);
  // A read that is late tells of the user from before the PUT: what that made shows only after.
  const look = () => session.client.getUser(emailAddress);
  if (!refusal) refuseMadeUser(user, accessKeyId, await lookAgain(session, look));
  return "revoked";
}

/** Why a key is not revoked that leaves its resource. */
export function claimedKey(
  { emailAddress }: { emailAddress: string },
  accessKeyId: string,
): string {
  return `key ${accessKeyId} of user ${emailAddress} is not revoked: a resource of this program keeps or adopts it`;
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

function stillShown(session: Session, { emailAddress }: ApiUser, accessKeyId: string): Error {
  return new Error(
    `revoke key ${accessKeyId} of user ${emailAddress}: the service answered yes and still shows the key${ofDialect(session)}`,
  );
}

/** A service that takes keys by POST may say yes to the PUT for a user, whatever else the PUT asks for. */
export function ofDialect({ settings }: Session): string {
  if (settings.dialect === "post") return "";
  return `; releases 2.x alone take keys by PUT; if this is another${toDialect(settings, "post")}`;
}

/** A refusal to change the keys of a disabled user, which some services have for all of them. */
export function ofDisabled(user: ApiUser, error: unknown): unknown {
  const isRefusal = error instanceof ApiError && !isRejected(error) && !isTransient(error);
  if (isRefusal && user.state === "disabled") {
    error.message += `; the user is disabled, and the service may refuse to change its keys: set state: "enabled" first`;
  }
  return error;
}
