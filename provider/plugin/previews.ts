import type { Bag } from "../resources/lifecycle";
import { nextStep, rotationState, type RotationInputs } from "../resources/rotatingAccessKey/state";
import { isUnknown, unknownMarker as unknown } from "../settings/unknown";

/** What a preview shows of a new user. */
export function createUser({ emailAddress, state, createAccessKey, deleteEmptyBuckets }: Bag): Bag {
  const assigned = { userId: unknown, ownerId: unknown, flags: unknown };
  const declared = { emailAddress, state, createAccessKey, deleteEmptyBuckets };
  return { ...declared, ...assigned, ...(createAccessKey !== false && unknownKey) };
}

/** What a preview shows of a user that is updated in place. */
export function updateUser(olds: Bag, news: Bag): Bag {
  const { accessKeyId, secretAccessKey, ...user } = olds;
  const { state, createAccessKey, deleteEmptyBuckets } = news;
  const updated = { ...user, state, createAccessKey, deleteEmptyBuckets };
  if (createAccessKey === false) return updated;
  const isKept = createAccessKey === true && accessKeyId !== undefined;
  if (!isKept) return { ...updated, ...unknownKey };
  return { ...updated, accessKeyId, secretAccessKey: secretAccessKey ?? unknown };
}

/** What a preview shows of a new access key. */
export function createKey({ user, userId, keepers }: Bag): Bag {
  return { emailAddress: user, userId: userId ?? unknown, ...unknownKey, keepers };
}

/** What a preview shows of an access key that is updated in place, because its secret is not in state. */
export function updateKey(olds: Bag, { keepers }: Bag): Bag {
  return { ...olds, secretAccessKey: unknown, keepers };
}

/** What a preview shows of new rotating keys. */
export function createRotation({ user, userId, every, generation }: Bag): Bag {
  const owner = { emailAddress: user, userId: userId ?? unknown };
  return { ...owner, ...unknownKey, hasPrevious: false, rotatedAt: unknown, every, generation };
}

/** What a preview shows of rotating keys that are rotated, or get another schedule. */
export function updateRotation(olds: Bag, news: Bag): Bag {
  const { every, generation } = news;
  const updated = { ...olds, every, generation };
  const isScheduled = !isUnknown(every) && !isUnknown(generation);
  const step = nextStep(rotationState(olds), news as unknown as RotationInputs, Date.now());
  if (step === "store" && isScheduled) return updated;
  if (step === "readSecret") return { ...updated, secretAccessKey: unknown };
  return {
    ...updated,
    ...unknownKey,
    previousAccessKeyId: unknown,
    previousSecretAccessKey: unknown,
    hasPrevious: step === "rotate" ? true : unknown,
    rotatedAt: unknown,
  };
}

/** What a preview shows of a bucket that is tracked from now on. */
export function createBucket({ name, owner, ownerId }: Bag): Bag {
  return { name, owner, ownerId: ownerId ?? unknown, creationDate: unknown };
}

/** What a preview shows of a bucket with another expected owner. */
export function updateBucket(olds: Bag, { owner }: Bag): Bag {
  return { ...olds, owner };
}

const unknownKey = { accessKeyId: unknown, secretAccessKey: unknown };
