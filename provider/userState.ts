import { z } from "zod";
import type { ApiUser } from "./api/schemas";
import { readStored } from "./check";
import type { Bag } from "./lifecycle";
import { secret } from "./secret";

/** Whether a user may use the cluster. */
export type UserStateName = "enabled" | "disabled";

/** A user as the program declares it, defaults filled in. */
export interface UserInputs {
  emailAddress: string;
  state: UserStateName;
  createAccessKey: boolean;
  deleteEmptyBuckets: boolean;
  adopt?: string;
}

/** A user as stored: what is declared and what the service told. The own pair is absent without one. */
export interface UserState extends Omit<UserInputs, "adopt"> {
  userId: string;
  ownerId?: string | undefined;
  flags: string[];
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
}

const shape = z.object({
  emailAddress: z.string().default(""),
  state: z.enum(["enabled", "disabled"]).default("enabled"),
  createAccessKey: z.boolean().default(false),
  deleteEmptyBuckets: z.boolean().default(false),
  userId: z.string().default(""),
  ownerId: z.string().optional(),
  flags: z.array(z.string()).default([]),
  accessKeyId: z.string().optional(),
  secretAccessKey: z.string().optional(),
});

/**
 * Reads what an engine stored, by any release: a property that it lacks counts as its default.
 *
 * @throws Error that names the property that can't be read
 */
export function userState(bag: Bag): UserState {
  const { emailAddress } = bag;
  const who = typeof emailAddress === "string" ? ` ${emailAddress}` : "";
  return readStored(`read user${who}`, shape, bag);
}

/** What the engine is to store: secrets marked, nothing undefined. */
export function stored({ ownerId, accessKeyId, secretAccessKey, ...known }: UserState): Bag {
  return {
    ...known,
    ...(ownerId !== undefined && { ownerId }),
    ...(accessKeyId !== undefined && { accessKeyId }),
    ...(secretAccessKey !== undefined && { secretAccessKey: secret(secretAccessKey) }),
  };
}

/**
 * Tells whether the pair that every new user has is still to be found: the user was made, but no answer told it.
 */
export function isPairOpen(state: UserState): boolean {
  return state.createAccessKey && state.accessKeyId === undefined;
}

/** Whether a user is the one whose id is stored. Without one, as in an import, whoever has the address is. */
export function isSameUser({ userId }: ApiUser, storedId: string): boolean {
  return storedId === "" || userId === storedId;
}

/** Whether a user is the one that is stored, with the own pair that is stored. */
export function isAsStored(user: ApiUser, { userId, accessKeyId }: UserState): boolean {
  return (
    isSameUser(user, userId) &&
    (accessKeyId === undefined || user.accessKeys.some((pair) => pair.accessKeyId === accessKeyId))
  );
}

/** Whether a list that may leave keys out tells all that `observed` wants to know. */
export function isToldOf({ accessKeys }: ApiUser, known: UserState): boolean {
  if (!known.createAccessKey && known.accessKeyId === undefined) return true;
  return accessKeys.some(({ accessKeyId }) => accessKeyId === known.accessKeyId);
}

/**
 * The state of a user just read. The program's spelling of the address stays, so does a secret that the
 * service doesn't tell any more. An own pair that is gone shows as `createAccessKey: false`.
 */
export function observed(found: ApiUser, known: UserState): UserState {
  const pair = isPairOpen(known)
    ? onlyPair(found)
    : found.accessKeys.find(({ accessKeyId }) => accessKeyId === known.accessKeyId);
  return {
    emailAddress: known.emailAddress,
    state: found.state ?? known.state,
    createAccessKey: known.createAccessKey && (pair !== undefined || isPairOpen(known)),
    deleteEmptyBuckets: known.deleteEmptyBuckets,
    userId: found.userId,
    ownerId: found.ownerId ?? known.ownerId,
    flags: found.flags,
    accessKeyId: pair?.accessKeyId,
    secretAccessKey: pair && (pair.secretAccessKey ?? known.secretAccessKey),
  };
}

/** Of several pairs nobody can tell which came with the user. */
function onlyPair({ accessKeys }: ApiUser) {
  return accessKeys.length === 1 ? accessKeys[0] : undefined;
}
