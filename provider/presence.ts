import { setTimeout as sleep } from "node:timers/promises";
import type { ApiKeyPair, ApiUser } from "./api/schemas";
import type { Session } from "./session";

/**
 * Finds the user at an address. A 404 alone doesn't make it absent: a load balancer or a wrong endpoint
 * answers 404 too, and every tenant would drop out of state. So a 200 list of all users must agree, and
 * that at a time when reads can't miss what the run before this one wrote.
 *
 * @returns undefined when the user is absent for sure
 * @throws NetworkError, ApiError, ShapeError; Error when GET and list go on contradicting each other
 */
export async function findUser(
  session: Session,
  emailAddress: string,
): Promise<ApiUser | undefined> {
  const look = () => session.client.getUser(emailAddress);
  const user = (await look()) ?? ((await session.settle()) ? await look() : undefined);
  if (user || !(await isListed(session, emailAddress))) return user;
  const late = await lookAgain(session, look);
  if (late) return late;
  throw new Error(
    `read user ${emailAddress}: the service answers 404, yet its list of users holds this address; nothing was changed, try again later`,
  );
}

/** The owner of a key: of the stored address, else by the 16 characters of its id, else through the list. */
async function findOwner(
  session: Session,
  id: string,
  emailAddress: string,
): Promise<ApiUser | undefined> {
  if (emailAddress !== "") {
    const hasKey = ({ accessKeys }: ApiUser) => accessKeys.some((pair) => pair.accessKeyId === id);
    return session.snapshot.read(emailAddress, hasKey);
  }
  const owner = await session.client.getUserById(id.slice(0, 16));
  if (owner) return owner;
  const users = await session.listedUsers();
  const listed = users.find(({ accessKeys }) =>
    accessKeys.some(({ accessKeyId }) => accessKeyId === id),
  );
  return listed && findUser(session, listed.emailAddress);
}

/**
 * Finds a user who is to be as it is known. Where something of it is missing or another, it is looked at again at a time
 * when reads can't miss what the run before this one wrote, and past what this run was told before.
 *
 * @param isKnown - whether the user is as it is known
 * @param read - the first look; a user whom it doesn't find is absent for sure
 */
export async function findKnown(
  session: Session,
  emailAddress: string,
  isKnown: (user: ApiUser) => boolean,
  read = () => findUser(session, emailAddress),
): Promise<ApiUser | undefined> {
  const user = await read();
  if (!user || isKnown(user)) return user;
  await session.settle();
  return findUser(session, emailAddress);
}

/** Finds the owner of a pair together with the pair, which is absent only if a settled service doesn't show it. */
export async function findPair(
  session: Session,
  accessKeyId: string,
  emailAddress: string,
): Promise<{ user: ApiUser | undefined; pair: ApiKeyPair | undefined }> {
  const pairOf = ({ accessKeys }: ApiUser) =>
    accessKeys.find((each) => each.accessKeyId === accessKeyId);
  const find = () => findOwner(session, accessKeyId, emailAddress);
  const isUnsure = emailAddress === "";
  const owner = (await find()) ?? (isUnsure && (await session.settle()) ? await find() : undefined);
  if (!owner) return { user: undefined, pair: undefined };
  const found = () => Promise.resolve(owner);
  const user = await findKnown(session, owner.emailAddress, (each) => !!pairOf(each), found);
  return { user, pair: user && pairOf(user) };
}

/** Whether the list has an address; in another case too, unless the service is seen to tell the two apart. */
async function isListed(session: Session, emailAddress: string): Promise<boolean> {
  const address = emailAddress.toLowerCase();
  const listed = (await session.listedUsers())
    .map((user) => user.emailAddress)
    .filter((each) => each.toLowerCase() === address);
  const [spelling] = listed;
  if (spelling === undefined || listed.includes(emailAddress)) return listed.length > 0;
  const { client } = session;
  const isThere = (await client.getUser(spelling)) !== undefined;
  // One 404 proves nothing: it may be a load balancer's.
  return !isThere || (await lookAgain(session, () => client.getUser(emailAddress))) !== undefined;
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
