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
 * @param wayOutOfFull - what the resource offers where both slots are taken
 * @returns the pair; its secret is absent when the service doesn't tell it
 * @throws Error when two pairs exist, before anything is sent; ApiError, NetworkError; Error when more than
 * one new pair turned up, or the pair went to another user who has the address by now, naming them
 */
export async function generatePair(
  session: Session,
  user: ApiUser,
  wayOutOfFull = 'rotate with replaceOrder: "delete-first"',
): Promise<ApiKeyPair> {
  const { emailAddress } = user;
  const attempt = `generate a key of user ${emailAddress}`;
  refuseWhenLost(session, attempt);
  if (user.accessKeys.length >= maxKeys) throw slotsFull(session, user, wayOutOfFull);
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
    const adopt = pair.accessKeyId;
    session.knownKeys.add(adopt);
    if (!isProved) warn(foundAfter(user, adopt));
    const undo = () => revokePair(session, user, adopt);
    return keepOrUndo(session, { attempt, isProved, undo, adopt }, () => Promise.resolve(pair));
  }
  throw new Error(`${attempt}: the service answered yes and shows no new key${ofDialect(session)}`);
}

/** Another run's pair looks the same. Two at once are refused; of one alone nobody can tell. */
function foundAfter({ emailAddress }: ApiUser, id: string): string {
  return `key ${id} of user ${emailAddress} was found after an answer that was lost or incomplete, and is taken for the one that this run generated; if something else generated keys of this user at that moment, look whose it is`;
}

/** Where the answer is lost and nothing can be read, whoever runs this must be able to tell the new pair. */
function wayOut(user: ApiUser): string {
  const known = user.accessKeys.length === 0 ? "had no keys" : `had the keys ${keyIds(user)}`;
  return `user ${user.emailAddress} ${known} before: of any others npx pulumi-ostor orphans tells which is in no stack of the project: take one of these over with adopt: "<id>", or revoke it, then run pulumi up again`;
}

/** Nothing showed after a failure that leaves open what happened; it may yet. */
function withWayOut(user: ApiUser, error: unknown): unknown {
  const isTurnedAway = error instanceof ApiError && error.status === 429;
  if (error instanceof Error && isAmbiguous(error) && !isTurnedAway) {
    error.message += `; ${wayOut(user)}`;
  }
  return error;
}

/** What this run made before may be missing from `before`: the service may show it late. */
function newOf(session: Session, now: ApiUser, before: Set<string>): ApiKeyPair[] {
  return now.accessKeys.filter(
    ({ accessKeyId }) => !before.has(accessKeyId) && !session.knownKeys.has(accessKeyId),
  );
}

function onlyNew(user: ApiUser, fresh: ApiKeyPair[]): ApiKeyPair | undefined {
  if (fresh.length < 2) return fresh[0];
  const ids = fresh.map(({ accessKeyId }) => accessKeyId).join(" and ");
  throw new Error(
    `generate a key of user ${user.emailAddress}: ${ids} turned up at once, somebody else changes this user's keys; adopt the one that is yours with adopt: "<id>"`,
  );
}

/**
 * Which of the pairs may be taken over only a comparison with stacks tells: one that this run didn't meet may be in use
 * by another stack, whose key would be revoked with ours.
 */
function slotsFull(session: Session, user: ApiUser, wayOut: string): Error {
  const strangers = strangersOf(session, user).join(", ");
  const unmet =
    strangers === ""
      ? ""
      : ` (${strangers}, which this run didn't meet in state, may be another stack's, or what a killed run left)`;
  return new Error(
    `create a key of user ${user.emailAddress}: it has the two keys that the service allows (${keyIds(user)}); npx pulumi-ostor orphans tells which is in no stack of the project, with the lines that adopt and that revoke it${unmet}; or ${wayOut}`,
  );
}

/** The ids of a user's pairs that this run met neither in state nor made itself. */
export function strangersOf(session: Session, user: ApiUser): string[] {
  const ids = user.accessKeys.map(({ accessKeyId }) => accessKeyId);
  return ids.filter((id) => !session.knownKeys.has(id));
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
