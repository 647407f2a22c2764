import type { Client } from "../api/client";
import type { ApiUser } from "../api/schemas";
import { fold } from "./fold";
import { createListing, isComplete, type Listing } from "./listing";

/** A list of users that reads may use. */
export interface ReadableListing extends Listing {
  /** Whether it shows users as completely as the users that were read alone, apart from keys. */
  isComplete: boolean;
}

/** The lists of users that a run asks for: usually one. */
export interface Lists {
  /** The run's list. A failure is not kept. */
  current(): Promise<Listing>;
  /**
   * The run's list for reads; undefined if it failed, and then it is not asked for again.
   *
   * @param answers - users that were read alone, to compare with
   */
  forReads(
    answers: Iterable<Promise<{ user: ApiUser | undefined }>>,
  ): Promise<ReadableListing | undefined>;
  /**
   * Whether a list contains an address for which a read answered 404. An older list of the run may deny it; only a list from
   * after the read may confirm it.
   */
  confirms(emailAddress: string): Promise<boolean>;
  /**
   * Whether the list from before this run's first creation contains an address. A later list would contain what a lost
   * request of this run created.
   */
  isTaken(emailAddress: string): Promise<boolean>;
  /** Whether a user id was in that list, or was added since. */
  isKnown(userId: string): boolean;
  add(user: ApiUser): void;
  remove(userId: string, emailAddress: string): void;
}

/**
 * Opens the lists of a run; none is asked for yet.
 *
 * @param isLeft - whether a listed user was not deleted by this run
 */
export function createLists(client: Client, isLeft: (user: ApiUser) => boolean): Lists {
  const ids = new Set<string>();
  const addresses = new Set<string>();
  const removed = new Set<string>();
  const added = new Set<string>();
  let latest: Promise<Listing> | undefined;
  let reading: Promise<ReadableListing | undefined> | undefined;
  let frozen: Promise<void> | undefined;

  const ask = (): Promise<Listing> => {
    const asked = client.listUsers().then((users) => createListing(users.filter(isLeft)));
    latest = asked;
    added.clear();
    removed.clear();
    asked.catch(() => {
      if (latest === asked) latest = undefined;
    });
    return asked;
  };
  const current = () => latest ?? ask();

  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<Listing> | undefined;
  /** A list that is asked for after this call. All who wait for the one that is running share the next. */
  const fresh = (): Promise<Listing> => {
    next ??= running.then(() => {
      next = undefined;
      const asked = ask();
      running = asked.catch(() => undefined);
      return asked;
    });
    return next;
  };

  /** Takes the ids of the list and lets go of the rest: a list of 100,000 users takes 70 MB. */
  const freeze = async (): Promise<void> => {
    const { all } = await current();
    for (const { userId, emailAddress } of all) {
      if (removed.has(fold(emailAddress))) continue;
      ids.add(userId);
      addresses.add(fold(emailAddress));
    }
    latest = reading = undefined;
  };

  return {
    current,
    forReads(answers) {
      reading ??= Promise.all([current(), Promise.allSettled(answers)]).then(
        ([listing, settled]) => ({ ...listing, isComplete: isAsComplete(listing, settled) }),
        () => undefined,
      );
      return reading;
    },
    async confirms(emailAddress) {
      const address = fold(emailAddress);
      const earlier = added.has(address) ? undefined : await latest?.catch(() => undefined);
      if (earlier && (removed.has(address) || !earlier.has(emailAddress))) return false;
      return (await fresh()).has(emailAddress);
    },
    async isTaken(emailAddress) {
      frozen ??= freeze().catch((error: unknown) => {
        frozen = undefined;
        throw error;
      });
      await frozen;
      return addresses.has(fold(emailAddress));
    },
    isKnown: (userId) => ids.has(userId),
    add({ userId, emailAddress }) {
      ids.add(userId);
      addresses.add(fold(emailAddress));
      added.add(fold(emailAddress));
      removed.delete(fold(emailAddress));
    },
    remove(userId, emailAddress) {
      ids.delete(userId);
      addresses.delete(fold(emailAddress));
      added.delete(fold(emailAddress));
      removed.add(fold(emailAddress));
    },
  };
}

/** The first users of a run are read alone: they show what the list leaves out. */
function isAsComplete(
  listing: Listing,
  answers: PromiseSettledResult<{ user: ApiUser | undefined }>[],
): boolean {
  const pairs = answers.flatMap((answer) => {
    const user = answer.status === "fulfilled" ? answer.value.user : undefined;
    const listed = user && listing.get(user.emailAddress);
    return listed ? [{ listed, user }] : [];
  });
  return pairs.length > 0 && pairs.every(({ listed, user }) => isComplete(listed, user));
}
