import { setTimeout as sleep } from "node:timers/promises";
import type { ApiUser } from "./api/schemas";
import type { Session } from "./session";

/**
 * Finds the user at an address. A 404 alone doesn't make it absent: a load balancer or a wrong endpoint
 * answers 404 too, and every tenant would drop out of state. So a 200 list of all users must agree.
 *
 * @returns undefined when the user is absent for sure
 * @throws NetworkError, ApiError, ShapeError; Error when GET and list go on contradicting each other
 */
export async function findUser(
  session: Session,
  emailAddress: string,
): Promise<ApiUser | undefined> {
  const user = await session.client.getUser(emailAddress);
  if (user || !(await isListed(session, emailAddress))) return user;
  const late = await lookAgain(session, () => session.client.getUser(emailAddress));
  if (late) return late;
  throw new Error(
    `read user ${emailAddress}: the service answers 404, yet its list of users holds this address; nothing was changed, try again later`,
  );
}

async function isListed(session: Session, emailAddress: string): Promise<boolean> {
  const address = emailAddress.toLowerCase();
  const users = await session.listedUsers();
  return users.some((user) => user.emailAddress.toLowerCase() === address);
}

/**
 * Looks until something is there: the service may answer with an old state for a while after a write.
 *
 * @returns undefined when the session's patience ends
 */
export async function lookAgain<T>(
  session: Session,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const { patienceMs, pauseMs } = session.visibility;
  for (let waitedMs = 0, pause = pauseMs; waitedMs < patienceMs; waitedMs += pause, pause *= 2) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(pause);
  }
  return look();
}

/**
 * Tells whether something of a user is gone for sure, when a 404 said so: the echo of an attempt whose answer was
 * lost, while reads are late, or another web server's.
 *
 * @param isThere - finds it in the user as read
 */
export async function isGone(
  session: Session,
  emailAddress: string,
  isThere: (user: ApiUser) => boolean,
): Promise<boolean> {
  const look = async () => {
    const now = await session.client.getUser(emailAddress);
    return now && isThere(now) ? undefined : { now };
  };
  const seen = await lookAgain(session, look);
  if (!seen) return false;
  if (seen.now || !(await isListed(session, emailAddress))) return true;
  const confirmed = await findUser(session, emailAddress);
  return !(confirmed && isThere(confirmed));
}
