import { isAmbiguous } from "../api/errors";
import type { ApiKey, ApiUser } from "../api/schemas";
import { warn } from "../text/print";
import type { Context } from "./context";
import {
  keyFoundAfter,
  noNewKey,
  otherKeysHint,
  revokeCommand,
  severalNewKeys,
  slotsFull,
  strayKey,
} from "./keyMessages";
import { finishOrUndo, isTurnedAway, refuseWhenLost, writeOnce } from "./once";
import { ofDisabled, revokeKey } from "./revoke";

/** The service's limit of access keys per user (vendor reference, POST ostor-users). */
export const maxKeys = 2;

/**
 * Generates an access key. The caller holds the user's lock: the new key is the one that was not there before.
 *
 * @param user - the user as just read
 * @returns the key; its secret is absent if the service does not return it
 * @throws CodedError when two keys exist, before anything is sent; ApiError, NetworkError; CodedError when more than one new
 * key appeared, or the key went to another user who has the address by now
 */
export async function generateKey(context: Context, user: ApiUser): Promise<ApiKey> {
  const attempt = `generate a key of user ${user.emailAddress}`;
  refuseWhenLost(context, attempt);
  if (user.accessKeys.length >= maxKeys) throw slotsFull(context.claims, user);
  const { key, isProved } = await genKey(context, user);
  if (!key) throw noNewKey(context.settings, user);
  context.claims.create(key.accessKeyId);
  if (!isProved) warn(keyFoundAfter(user, key.accessKeyId));
  const undo = () => revokeKey(context, user, key.accessKeyId);
  return finishOrUndo(
    context,
    { attempt, isProved, undo, fix: revokeCommand(key.accessKeyId) },
    () => {
      keepOwn(context, user, key);
      return Promise.resolve(key);
    },
  );
}

/** The next key of a user that this run created needs no read either. */
function keepOwn({ claims, directory }: Context, user: ApiUser, key: ApiKey): void {
  if (!claims.isCreated(user.userId)) return;
  directory.keepOwn({ ...user, accessKeys: [...user.accessKeys, key] });
}

async function genKey(
  context: Context,
  user: ApiUser,
): Promise<{ key: ApiKey | undefined; isProved: boolean }> {
  const { client, directory, lateReads } = context;
  const { emailAddress } = user;
  const newKeyIn = (now: ApiUser) => {
    const fresh = newKeys(context, user, now);
    if (now.userId !== user.userId) throw strayKey(user, now, fresh);
    if (fresh.length > 1) throw severalNewKeys(user, fresh);
    return fresh[0];
  };
  const find = async () => {
    const now = await directory.peek(emailAddress);
    return now && newKeyIn(now);
  };
  let isProved = false as boolean;
  const send = async () => {
    // Some releases answer with the new key, some with all keys.
    const answered = newKeyIn(await client.generateKey(emailAddress));
    isProved = answered !== undefined;
    return answered ?? lateReads.untilFound(find);
  };
  const fix = otherKeysHint(user);
  const key = await writeOnce(context, { send, find, fix }).catch((error: unknown) => {
    throw withHint(user, error);
  });
  return { key, isProved };
}

/** What is new among the keys of the answer. A key that this run has come across may be missing from `user`: reads may be stale. */
function newKeys({ claims }: Context, user: ApiUser, now: ApiUser): ApiKey[] {
  const before = new Set(user.accessKeys.map(({ accessKeyId }) => accessKeyId));
  return now.accessKeys.filter(
    ({ accessKeyId }) => !before.has(accessKeyId) && !claims.isMet(accessKeyId),
  );
}

function withHint(user: ApiUser, error: unknown): unknown {
  const refusal = ofDisabled(user, error);
  if (refusal instanceof Error && isAmbiguous(refusal) && !isTurnedAway(refusal)) {
    refusal.message += `; ${otherKeysHint(user)}`;
  }
  return refusal;
}

/**
 * Reads the secret of an access key that exists: some answers leave it out. Waits for a key that shows late.
 *
 * @returns undefined if the service does not return it
 */
export async function readSecret(
  { directory, lateReads }: Context,
  emailAddress: string,
  accessKeyId: string,
): Promise<string | undefined> {
  const key = await lateReads.untilFound(async () => {
    const user = await directory.peek(emailAddress);
    return user?.accessKeys.find((each) => each.accessKeyId === accessKeyId);
  });
  return key?.secretAccessKey;
}
