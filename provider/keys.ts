import { ApiError, isAmbiguous } from "./api/errors";
import type { ApiKeyPair, ApiUser } from "./api/schemas";
import { warn } from "./lifecycle";
import { lookAgain } from "./presence";
import { ofDialect, ofDisabled, revokePair } from "./revoke";
import type { Session } from "./session";
import { strayKey } from "./strayKey";
import { keepOrUndo, refuseWhenLost } from "./undo";
import { writeOnce } from "./write";

/** The service's limit of key pairs per user (vendor reference, POST ostor-users). */
export const maxKeys = 2;

/** The ids of a user's pairs, for messages. */
export function keyIds(user: ApiUser): string {
  return user.accessKeys.map(({ accessKeyId }) => accessKeyId).join(", ");
}

/**
 * Generates a key pair. Call it inside `session.changeKeys`: the new pair is the one not there before.
 *
 * @param user - the user as just read
 * @returns the pair; its secret is absent when the service doesn't tell it
 * @throws Error when two pairs exist, before anything is sent; ApiError, NetworkError; Error when more than
 * one new pair turned up, or the pair went to another user who has the address by now, naming them
 */
export async function generatePair(session: Session, user: ApiUser): Promise<ApiKeyPair> {
  const { emailAddress } = user;
  const attempt = `generate a key of user ${emailAddress}`;
  refuseWhenLost(session, attempt);
  if (user.accessKeys.length >= maxKeys) throw slotsFull(session, user);
  const before = new Set(user.accessKeys.map(({ accessKeyId }) => accessKeyId));
  const pick = (now: ApiUser) => onlyNew(user, newOf(session, now, before));
  const look = async () => {
    const now = await session.client.getUser(emailAddress);
    if (now && now.userId !== user.userId) throw await strayKey(session, user, now, undefined);
    return now && pick(now);
  };
  let isProved = false as boolean;
  const write = async () => {
    // Some servers answer with the new pair, some with all pairs.
    const told = await session.client.generateKey(emailAddress);
    if (told.userId !== user.userId) {
      const [first, ...more] = newOf(session, told, before);
      const generated = more.length === 0 ? first?.accessKeyId : undefined;
      throw await strayKey(session, user, told, generated);
    }
    const answered = pick(told);
    isProved = answered !== undefined;
    return answered ?? lookAgain(session, look);
  };
  const pair = await writeOnce(session, write, look, wayOut(user)).catch((error: unknown) => {
    throw withWayOut(user, ofDisabled(user, error));
  });
  if (pair) {
    const id = pair.accessKeyId;
    session.claims.create(id);
    if (!isProved) warn(foundAfter(user, id));
    const undo = () => revokePair(session, user, id);
    const fix = `npx pulumi-ostor revoke-key ${id} revokes it`;
    return keepOrUndo(session, { attempt, isProved, undo, fix }, () => Promise.resolve(pair));
  }
  throw new Error(`${attempt}: the service answered yes and shows no new key${ofDialect(session)}`);
}

/** Another run's pair looks the same. Two at once are refused; of one alone nobody can tell. */
function foundAfter({ emailAddress }: ApiUser, id: string): string {
  return `key ${id} of user ${emailAddress} was found after an answer that was lost or incomplete, and is taken for the one that this run generated; if something else generated keys of this user at that moment, look whose it is`;
}

/**
 * The response is lost and nothing can be read: says how to find the key that may have been generated. Revoking it is
 * always right, for nobody ever had its secret; `adopt` is ignored where the key replaces another one.
 */
function wayOut(user: ApiUser): string {
  const known = user.accessKeys.length === 0 ? "had no keys" : `had the keys ${keyIds(user)}`;
  return `user ${user.emailAddress} ${known} before: any other that npx pulumi-ostor orphans lists may come from this run; revoke it with npx pulumi-ostor revoke-key <id>, then run pulumi up again`;
}

/** Nothing showed after a failure that leaves open what happened; it may yet. */
function withWayOut(user: ApiUser, error: unknown): unknown {
  const isTurnedAway = error instanceof ApiError && error.status === 429;
  if (error instanceof Error && isAmbiguous(error) && !isTurnedAway) {
    error.message += `; ${wayOut(user)}`;
  }
  return error;
}

/** What this run met before may be missing from `before`: reads may be stale. */
function newOf(session: Session, now: ApiUser, before: Set<string>): ApiKeyPair[] {
  return now.accessKeys.filter(
    ({ accessKeyId }) => !before.has(accessKeyId) && !session.claims.isMet(accessKeyId),
  );
}

function onlyNew(user: ApiUser, fresh: ApiKeyPair[]): ApiKeyPair | undefined {
  if (fresh.length < 2) return fresh[0];
  const ids = fresh.map(({ accessKeyId }) => accessKeyId).join(" and ");
  throw new Error(
    `generate a key of user ${user.emailAddress}: ${ids} turned up at once, another process changes this user's keys; revoke what no stack holds (npx pulumi-ostor orphans lists it), then run pulumi up again`,
  );
}

/**
 * Offers no `adopt`: a replacement ignores it, and a key that an interrupted run left is of no use, for nobody ever had its
 * secret.
 */
function slotsFull({ claims }: Session, user: ApiUser): Error {
  const ids = user.accessKeys.map(({ accessKeyId }) => accessKeyId);
  const declared = ids.filter((id) => claims.isTaken(id));
  const full = `create a key of user ${user.emailAddress}: it has the two keys that the service allows (${keyIds(user)})`;
  if (declared.length === ids.length) {
    return new Error(`${full}, and other resources of this program declare both; remove one`);
  }
  return new Error(
    `${full}; npx pulumi-ostor orphans lists those that no stack of the project holds: revoke one with npx pulumi-ostor revoke-key <id>; to rotate a key in place of the old one set replaceOrder: "delete-first"`,
  );
}

/**
 * Somebody deleted the user and made it again: what this stack knew is gone, the new one is not ours. For a moment when
 * nothing was sent yet.
 */
export function anotherUser(emailAddress: string, userId: string, now: ApiUser): Error {
  return new Error(
    `user ${emailAddress}: the cluster now has another user under this address (userId ${now.userId}, this stack's was ${userId}); nothing was changed; run: pulumi refresh`,
  );
}

/**
 * Reads the secret of a pair that is there: some answers leave it out. Waits for a pair that shows late.
 *
 * @returns undefined when the service doesn't tell it
 * @throws NetworkError, ApiError, ShapeError
 */
export async function readSecret(
  session: Session,
  emailAddress: string,
  id: string,
): Promise<string | undefined> {
  const pair = await lookAgain(session, async () => {
    const user = await session.client.getUser(emailAddress);
    return user?.accessKeys.find(({ accessKeyId }) => accessKeyId === id);
  });
  return pair?.secretAccessKey;
}
