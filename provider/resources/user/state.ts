import { z } from "zod";
import type { ApiUser } from "../../api/schemas";
import { readStored } from "../check";
import type { Bag } from "../lifecycle";
import { secret } from "../secret";

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

/** A user as stored: what is declared and what the service returned. Its own access key is absent if it has none. */
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
 * Reads what an engine stored, by any release: a missing property has its default.
 *
 * @throws CodedError that names the property that cannot be read
 */
export function userState(bag: Bag): UserState {
  const { emailAddress } = bag;
  const who = typeof emailAddress === "string" ? ` ${emailAddress}` : "";
  return readStored(`read user${who}`, shape, bag);
}

/** What the engine stores: secrets marked, nothing undefined. */
export function stored({ ownerId, accessKeyId, secretAccessKey, ...known }: UserState): Bag {
  return {
    ...known,
    ...(ownerId !== undefined && { ownerId }),
    ...(accessKeyId !== undefined && { accessKeyId }),
    ...(secretAccessKey !== undefined && { secretAccessKey: secret(secretAccessKey) }),
  };
}

/** Whether the key that came with a user is still unknown: the user was created, but no answer named its key. */
export function isOwnKeyUnknown(state: UserState): boolean {
  return state.createAccessKey && state.accessKeyId === undefined;
}

/** Whether the secret of the own key is still unknown: nobody can use the key. */
export function lacksSecret(state: UserState): boolean {
  return (
    state.createAccessKey && state.accessKeyId !== undefined && state.secretAccessKey === undefined
  );
}

/** The ids of the user and its own key, as far as the state has them. */
export function idsOf({ userId, accessKeyId }: UserState): string[] {
  return [userId, accessKeyId ?? ""].filter((id) => id !== "");
}

/** Whether a user is the one whose id is stored. Without a stored id, as in an import, it is any user at the address. */
export function isSameUser({ userId }: ApiUser, storedId: string): boolean {
  return storedId === "" || userId === storedId;
}

/** Whether a user is the stored one, with the stored own key; if that is unknown, with any key. */
export function isAsStored({ userId, accessKeys }: ApiUser, known: UserState): boolean {
  if (known.userId !== "" && userId !== known.userId) return false;
  if (isOwnKeyUnknown(known)) return accessKeys.length > 0;
  return known.accessKeyId === undefined || accessKeys.some(isKey(known.accessKeyId));
}

/**
 * The state of a user that was just read. The program's spelling of the address stays; so does a secret that the service no
 * longer returns. An own key that does not exist any more shows as `createAccessKey: false`.
 */
export function observed(found: ApiUser, known: UserState): UserState {
  const { accessKeys } = found;
  const isOnly = isOwnKeyUnknown(known) && accessKeys.length === 1;
  const key = isOnly ? accessKeys[0] : accessKeys.find(isKey(known.accessKeyId));
  return {
    emailAddress: known.emailAddress,
    state: found.state ?? known.state,
    createAccessKey: known.createAccessKey && (key !== undefined || isOwnKeyUnknown(known)),
    deleteEmptyBuckets: known.deleteEmptyBuckets,
    userId: found.userId,
    ownerId: found.ownerId ?? known.ownerId,
    flags: found.flags,
    accessKeyId: key?.accessKeyId,
    secretAccessKey: key && (key.secretAccessKey ?? known.secretAccessKey),
  };
}

function isKey(id: string | undefined) {
  return ({ accessKeyId }: { accessKeyId: string }) => accessKeyId === id;
}
