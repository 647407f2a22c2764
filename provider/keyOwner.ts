import type { ApiKeyPair, ApiUser } from "./api/schemas";
import { anotherUser, keyIds, readSecret } from "./keys";
import { warn } from "./lifecycle";
import { findKnown } from "./presence";
import type { Session } from "./session";
import { isUnknown } from "./unknown";

/** Whose keys, as a program declares it. `userId` goes along when it was given a User. */
export interface DeclaredOwner {
  user: string;
  userId?: string;
}

/**
 * Reads the user whose keys are to be made.
 *
 * @param made - the user as this run left it, if it made it: it isn't read then, unless a pair is adopted
 * @throws Error when there is none, or another one than declared
 */
export async function ownerOf(
  session: Session,
  { user: emailAddress, userId, adopt }: DeclaredOwner & { adopt?: string },
  made: ApiUser | undefined,
): Promise<ApiUser> {
  const isMade = made !== undefined && adopt === undefined;
  // Missed by a late read, the pair to adopt would be left behind, and another one generated.
  const isOpen = adopt !== undefined && !session.replacedKeys.has(adopt);
  const isShown = ({ userId: id, accessKeys }: ApiUser) =>
    !isOpen ||
    session.madeUsers.has(id) ||
    accessKeys.some(({ accessKeyId }) => accessKeyId === adopt);
  const user = isMade ? made : await findKnown(session, emailAddress, isShown);
  if (!user) {
    throw new Error(`create a key of user ${emailAddress}: there is no such user on the cluster`);
  }
  if (userId !== undefined && userId !== user.userId) throw anotherUser(emailAddress, userId, user);
  return user;
}

/** Which properties say that keys belong to another user than in state: that replaces them. */
export function ownerChanges(
  olds: { emailAddress: string; userId: string },
  news: DeclaredOwner,
): string[] {
  const { user, userId } = news;
  // Of a user that is updated in place the preview doesn't know the id: that replaces nothing.
  const isKnown = olds.userId !== "" && userId !== undefined && !isUnknown(userId);
  const changed = {
    user: user !== olds.emailAddress,
    userId: isKnown && userId !== olds.userId,
  };
  return Object.entries(changed).flatMap(([name, isChanged]) => (isChanged ? [name] : []));
}

/**
 * The `adopt` that names a pair of the user whose keys are replaced for another user's: it may stay in a program after the
 * pair was rotated, and must not hold up that.
 */
export function staleAdopt(
  { userId }: { userId: string },
  { adopt }: { adopt?: string },
): string[] {
  return adopt !== undefined && userId !== "" && adopt.startsWith(userId) ? [adopt] : [];
}

/** Both unknown: the engine asks what happens to keys when their user is replaced. */
export function isUserReplaced({ user, userId }: DeclaredOwner): boolean {
  return isUnknown(user) && (userId === undefined || isUnknown(userId));
}

/**
 * The pair to take over, if any. An `adopt` may stay in the program: it doesn't hold up a rotation, and when
 * its pair is no longer there, or went with a user whom this run made anew, a new one is generated, which is said.
 */
export function adopted(
  session: Session,
  user: ApiUser,
  id: string | undefined,
): ApiKeyPair | undefined {
  if (id === undefined || session.replacedKeys.has(id)) return undefined;
  const pair = user.accessKeys.find(({ accessKeyId }) => accessKeyId === id);
  if (pair) {
    session.held.add(id);
    session.knownKeys.add(id);
    return pair;
  }
  // A key's id begins with its user's: this one was another's, or never was; or its user was deleted and made anew.
  const isMadeAnew = session.madeUsers.has(user.userId);
  if (!id.startsWith(user.userId) && !isMadeAnew) throw foreign(user, id);
  warn(`${noSuchPair(user, id)}; a new one is generated`);
  return undefined;
}

function noSuchPair(user: ApiUser, id: string): string {
  const present = user.accessKeys.length === 0 ? "it has none" : `it has ${keyIds(user)}`;
  return `adopt key ${id} of user ${user.emailAddress}: it has no such key (${present})`;
}

function foreign(user: ApiUser, id: string): Error {
  return new Error(`${noSuchPair(user, id)}; leave adopt out to generate one`);
}

/**
 * Refuses, before a pair is revoked to make way, an `adopt` that the creation after it would refuse.
 *
 * @throws Error; ApiError, NetworkError
 */
export async function refuseForeign(
  session: Session,
  olds: { emailAddress: string; userId: string; accessKeyId: string },
  { user: emailAddress, adopt }: DeclaredOwner & { adopt?: string },
): Promise<void> {
  const isOpen = adopt !== undefined && !isUnknown(adopt) && !session.replacedKeys.has(adopt);
  if (!isOpen || emailAddress !== olds.emailAddress || adopt.startsWith(olds.userId)) return;
  const user = await session.client.getUser(emailAddress);
  if (user && !user.accessKeys.some(({ accessKeyId }) => accessKeyId === adopt)) {
    throw foreign(user, adopt);
  }
}

/**
 * Reads the secret of a pair whose making didn't tell it.
 *
 * @throws Error when the service doesn't tell it; ApiError, NetworkError
 */
export async function secretOf(
  session: Session,
  emailAddress: string,
  id: string,
): Promise<string> {
  const told = await readSecret(session, emailAddress, id);
  if (told === undefined) throw withoutSecret(emailAddress, id);
  return told;
}

/** A pair whose secret nobody tells. */
function withoutSecret(emailAddress: string, id: string): Error {
  return new Error(
    `key ${id} of user ${emailAddress} exists, but the service doesn't tell its secret; ask the service's administrator, or rotate it`,
  );
}
