import type { ApiUser } from "./api/schemas";

/** What one list of all users told. */
export interface Listing {
  /** By the exact address. One that is listed twice is left out: reading it alone tells whose it is. */
  users: Map<string, ApiUser>;
  /** Whether it tells keys: some generations leave them out, and each user has to be asked for its own. */
  tellsKeys: boolean;
  /** Whether it tells of a user, apart from its keys, all that an answer about it alone does. */
  tellsAsMuch: boolean;
}

/** Of a list that can't be had, which tells nothing. */
export const noListing: Listing = { users: new Map(), tellsKeys: false, tellsAsMuch: false };

/**
 * Reads a list of users.
 *
 * @param alone - answers about single users, to compare with
 */
export function listingOf(all: ApiUser[], alone: ApiUser[]): Listing {
  const users = new Map<string, ApiUser>();
  const twice = new Set<string>();
  let tellsKeys = false;
  for (const user of all) {
    if (users.has(user.emailAddress)) twice.add(user.emailAddress);
    users.set(user.emailAddress, user);
    tellsKeys ||= user.accessKeys.length > 0;
  }
  for (const emailAddress of twice) users.delete(emailAddress);
  const pairs = alone.flatMap((user) => {
    const listed = users.get(user.emailAddress);
    return listed ? [{ listed, user }] : [];
  });
  const tellsAsMuch = pairs.length > 0 && pairs.every(({ listed, user }) => isAsMuch(listed, user));
  return { users, tellsKeys, tellsAsMuch };
}

/** A generation may show less in the list: without its state a suspended user would pass for an enabled one. */
function isAsMuch(listed: ApiUser, alone: ApiUser): boolean {
  const isTold = (of: (user: ApiUser) => unknown) =>
    of(alone) === undefined || of(listed) !== undefined;
  return (
    isTold(({ state }) => state) &&
    isTold(({ ownerId }) => ownerId) &&
    (alone.flags.length === 0 || listed.flags.length > 0)
  );
}
