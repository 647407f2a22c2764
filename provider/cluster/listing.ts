import type { ApiUser } from "../api/schemas";
import { fold } from "./fold";

/** One list of all users, and what can be concluded from it. */
export interface Listing {
  readonly all: readonly ApiUser[];
  /** Whether the list contains keys: some releases leave them out. */
  readonly includesKeys: boolean;
  /** Whether a user has this address, compared without case. */
  has(emailAddress: string): boolean;
  /** The user with exactly this address. Undefined also if two users have it: only a read by address decides then. */
  get(emailAddress: string): ApiUser | undefined;
}

/** Indexes a list of users by address. */
export function createListing(all: readonly ApiUser[]): Listing {
  const users = new Map<string, ApiUser | undefined>();
  const folded = new Set<string>();
  for (const user of all) {
    const { emailAddress } = user;
    users.set(emailAddress, users.has(emailAddress) ? undefined : user);
    folded.add(fold(emailAddress));
  }
  return {
    all,
    includesKeys: all.some(({ accessKeys }) => accessKeys.length > 0),
    has: (emailAddress) => folded.has(fold(emailAddress)),
    get: (emailAddress) => users.get(emailAddress),
  };
}

/**
 * Whether the list shows a user as completely as a read of that user, apart from keys. Some releases leave states out of the
 * list: a suspended user would look enabled.
 */
export function isComplete(listed: ApiUser, read: ApiUser): boolean {
  return (
    (read.state === undefined || listed.state !== undefined) &&
    (read.ownerId === undefined || listed.ownerId !== undefined) &&
    (read.flags.length === 0 || listed.flags.length > 0)
  );
}
