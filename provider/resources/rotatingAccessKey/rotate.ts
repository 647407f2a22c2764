import type { ApiKey, ApiUser } from "../../api/schemas";
import type { Cluster } from "../../cluster/cluster";
import { rotationClaimed } from "./messages";
import { readSecret } from "../keyOwner";
import { PartialError, type Bag } from "../lifecycle";
import {
  keyToRevoke,
  nextStep,
  scheduleOf,
  storedRotation,
  type RotationInputs,
  type RotationState,
} from "./state";

/**
 * Takes one step. The previous key is revoked first, for a user has two slots. The current key is never touched, unless its
 * secret was never returned: then nobody has it, and everyone uses the previous one.
 *
 * @param user - the user as just read
 * @throws CodedError, ApiError, NetworkError when nothing was changed; PartialError when the previous key is revoked and no
 * new one could be generated: the next run continues from there
 */
export async function takeStep(
  cluster: Cluster,
  user: ApiUser,
  stored: RotationState,
  news: RotationInputs,
): Promise<Bag> {
  const olds = asFound(stored, user);
  const step = nextStep(olds, news, Date.now());
  if (step === "rotate") return rotate(cluster, user, olds, news);
  const state = { ...withoutSchedule(olds), ...reachedSchedule(olds, news) };
  if (step !== "generate") return withSecret(cluster, state);
  return withSecret(cluster, { ...state, ...asCurrent(await cluster.generateKey(user)) });
}

async function rotate(
  cluster: Cluster,
  user: ApiUser,
  olds: RotationState,
  news: RotationInputs,
): Promise<Bag> {
  const revoked = keyToRevoke(olds);
  const left = withoutKey(olds, revoked);
  if (revoked !== undefined) {
    if (cluster.claims.isClaimed(revoked)) throw rotationClaimed(user, revoked);
    await cluster.revokeKey(user, revoked);
  }
  const accessKeys = user.accessKeys.filter(({ accessKeyId }) => accessKeyId !== revoked);
  const key = await cluster.generateKey({ ...user, accessKeys }).catch((error: unknown) => {
    throw revoked === undefined
      ? error
      : new PartialError(user.userId, storedRotation(left), error);
  });
  const previous = withoutSchedule(asPrevious(left));
  return withSecret(cluster, { ...previous, ...scheduleOf(news), ...asCurrent(key) });
}

/** What the engine stores. A secret that no answer contained is read. */
export async function withSecret(cluster: Cluster, state: RotationState): Promise<Bag> {
  const { accessKeyId, secretAccessKey, emailAddress, userId } = state;
  if (accessKeyId === undefined || secretAccessKey !== undefined) return storedRotation(state);
  const secret = await readSecret(cluster, emailAddress, accessKeyId).catch((error: unknown) => {
    throw new PartialError(userId, storedRotation(state), error);
  });
  return storedRotation({ ...state, secretAccessKey: secret });
}

/** An access key as the current one, from now on. */
export function asCurrent({ accessKeyId, secretAccessKey }: ApiKey) {
  const rotatedAt = new Date().toISOString();
  return { accessKeyId, ...(secretAccessKey !== undefined && { secretAccessKey }), rotatedAt };
}

/** State in which the current key, if there is one, has become the previous one. */
function asPrevious({ accessKeyId, secretAccessKey, ...rest }: RotationState): RotationState {
  return {
    ...rest,
    ...(accessKeyId !== undefined && { previousAccessKeyId: accessKeyId }),
    ...(secretAccessKey !== undefined && { previousSecretAccessKey: secretAccessKey }),
  };
}

/** State without a key that is revoked. */
function withoutKey(state: RotationState, id: string | undefined): RotationState {
  const { accessKeyId, secretAccessKey, ...previous } = state;
  if (id !== undefined && id === accessKeyId) return previous;
  const { previousAccessKeyId: _, previousSecretAccessKey: __, ...current } = state;
  return current;
}

/** State without the keys that do not exist any more; secrets as the service returns them now, or as they were stored. */
export function asFound(state: RotationState, { accessKeys }: ApiUser): RotationState {
  const { accessKeyId, secretAccessKey, previousAccessKeyId, previousSecretAccessKey, ...rest } =
    state;
  const keyOf = (id: string | undefined) => accessKeys.find((key) => key.accessKeyId === id);
  const [current, previous] = [keyOf(accessKeyId), keyOf(previousAccessKeyId)];
  const secret = current?.secretAccessKey ?? secretAccessKey;
  const previousSecret = previous?.secretAccessKey ?? previousSecretAccessKey;
  return {
    ...rest,
    ...(current && { accessKeyId: current.accessKeyId }),
    ...(current && secret !== undefined && { secretAccessKey: secret }),
    ...(previous && { previousAccessKeyId: previous.accessKeyId }),
    ...(previous && previousSecret !== undefined && { previousSecretAccessKey: previousSecret }),
  };
}

function withoutSchedule({ every: _, generation: __, ...rest }: RotationState): RotationState {
  return rest;
}

/** The schedule to store. A counter that was turned back is not stored: it would rotate when it is turned up again. */
function reachedSchedule(olds: RotationState, { every, generation }: RotationInputs) {
  if (generation === undefined) return scheduleOf({ ...(every === undefined ? {} : { every }) });
  return { generation: Math.max(generation, olds.generation ?? generation) };
}
