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
  // Missed by a stale read, the key to adopt would be left behind, and another one generated.
  const isShown = ({ userId: id, accessKeys }: ApiUser) =>
    adopt === undefined ||
    session.claims.isCreated(id) ||
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

/** Both unknown: the engine asks what happens to keys when their user is replaced. */
export function isUserReplaced({ user, userId }: DeclaredOwner): boolean {
  return isUnknown(user) && (userId === undefined || isUnknown(userId));
}

/**
 * The key to adopt, if any. An `adopt` may stay in the program: when its key no longer exists, or was deleted with a user
 * whom this run created again, a new one is generated, with a warning.
 */
export function adopted(
  session: Session,
  user: ApiUser,
  id: string | undefined,
): ApiKeyPair | undefined {
  if (id === undefined) return undefined;
  const pair = user.accessKeys.find(({ accessKeyId }) => accessKeyId === id);
  if (pair) return pair;
  const present = user.accessKeys.length === 0 ? "it has none" : `it has ${keyIds(user)}`;
  const missing = `adopt key ${id} of user ${user.emailAddress}: it has no such key (${present})`;
  // A key's id begins with its user's: this one was another user's, or never existed.
  if (!id.startsWith(user.userId) && !session.claims.isCreated(user.userId)) {
    throw new Error(`${missing}; leave adopt out to generate one`);
  }
  warn(`${missing}; a new one is generated`);
  return undefined;
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
