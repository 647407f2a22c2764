import type { Client } from "../api/client";
import type { ApiUser } from "../api/schemas";
import { fold } from "./fold";
import type { LateReads } from "./lateReads";
import { createLists } from "./lists";
import { contradiction } from "./userMessages";
import { createReadAhead } from "./readAhead";

/** Whether a user is as the caller expects. If not, the read may be stale, and the user is read again. */
export type IsExpected = (user: ApiUser) => boolean;

/**
 * What one run knows of the users of a cluster. A refresh may read from memory. A write is based on a fresh read; only
 * the first keys of a user that this run created need none. A write marks its user as changed for the rest of the run,
 * and invalidates nothing else. A read never returns a user id that this run deleted.
 */
export interface Directory {
  /** Reads a user for a refresh. Undefined only if the user certainly does not exist. */
  find(emailAddress: string, isExpected: IsExpected): Promise<ApiUser | undefined>;
  /** Reads a user for a write, never from memory. Undefined only if the user certainly does not exist. */
  read(emailAddress: string, isExpected?: IsExpected): Promise<ApiUser | undefined>;
  /** Reads a user once. Undefined proves nothing: a load balancer may answer 404. */
  peek(emailAddress: string): Promise<ApiUser | undefined>;
  /**
   * Returns the user that has an address; undefined if a user can be created with it. A load balancer may answer 404,
   * so the list of users from before this run's first creation must confirm that the address is free.
   */
  holderOf(emailAddress: string): Promise<ApiUser | undefined>;
  /** Marks a user as changed. Call it before a write is sent: a read in progress may return the old state. */
  change(emailAddress: string): void;
  /**
   * Whether a user id existed before this run's first creation, or was created or adopted since. Call `holderOf` first.
   */
  isKnown(userId: string): boolean;
  /** Notes a user that this run adopted. */
  adopted(user: ApiUser): void;
  /** Notes a user that this run created. */
  created(user: ApiUser): void;
  /** Stores a user that this run created, as the run left it, so that its first keys need no read. */
  keepOwn(user: ApiUser): void;
  /** Returns a user that `keepOwn` stored, and removes it: the caller changes that user next. */
  takeOwn(emailAddress: string): ApiUser | undefined;
  /** Notes a user that this run deleted. */
  deletedUser(userId: string, emailAddress: string): void;
  /** Notes an access key that this run revoked. */
  revokedKey(accessKeyId: string): void;
  /** The address of a user that this run deleted; undefined for any other id. */
  deletedFrom(userId: string): string | undefined;
  /** Whether the list of users contains an address for which a read answered 404. */
  isListed(emailAddress: string): Promise<boolean>;
  /** All users, listed once per run. */
  all(): Promise<readonly ApiUser[]>;
}

/** The result of a read by address, and whether it began late enough to contain all that an earlier run wrote. */
interface Answer {
  user: ApiUser | undefined;
  isSettled: boolean;
}

/** A refresh reads this many users alone before it reads the list, which may contain 100,000 users. */
const readsBeforeList = 3;

/**
 * Creates the memory of a run. It is empty, and no request is sent.
 *
 * @param width - how many users are read ahead at a time
 */
export function createDirectory(client: Client, lateReads: LateReads, width: number): Directory {
  const changed = new Set<string>();
  const deleted = new Map<string, string>();
  const revoked = new Set<string>();
  const own = new Map<string, ApiUser>();
  const answers = new Map<string, Promise<Answer>>();
  let reads = 0;

  const shown = (user: ApiUser | undefined): ApiUser | undefined => {
    if (user === undefined || deleted.has(user.userId)) return undefined;
    const accessKeys = user.accessKeys.filter(({ accessKeyId }) => !revoked.has(accessKeyId));
    return accessKeys.length === user.accessKeys.length ? user : { ...user, accessKeys };
  };
  const lists = createLists(client, ({ userId }) => !deleted.has(userId));
  const peek = async (emailAddress: string) => shown(await client.getUser(emailAddress));

  /** A 404 counts only if an earlier run cannot be the cause, and the list of users confirms it. */
  const certain = async (emailAddress: string): Promise<ApiUser | undefined> => {
    const again = async () => ((await lateReads.settle()) ? peek(emailAddress) : undefined);
    const user = (await peek(emailAddress)) ?? (await again());
    if (user || !(await lists.confirms(emailAddress))) return user;
    const late = await peek(emailAddress);
    if (late) return late;
    throw contradiction(emailAddress);
  };

  const answer = (emailAddress: string): Promise<Answer> => {
    const known = answers.get(emailAddress);
    if (known) return known;
    const isSettled = lateReads.isSettled();
    const asked = certain(emailAddress).then((user) => ({ user, isSettled }));
    answers.set(emailAddress, asked);
    asked.catch(() => {
      if (answers.get(emailAddress) === asked) answers.delete(emailAddress);
    });
    return asked;
  };

  const ahead = createReadAhead(width, (emailAddress) =>
    answers.has(emailAddress) || changed.has(fold(emailAddress)) ? undefined : answer(emailAddress),
  );

  /** Returns the user from memory, or from the list if it is as expected there; otherwise reads it. */
  const recall = async (emailAddress: string, isExpected: IsExpected): Promise<Answer> => {
    if (answers.has(emailAddress) || (reads += 1) <= readsBeforeList) {
      ahead.taken(emailAddress);
      return answer(emailAddress);
    }
    const listing = await lists.forReads(answers.values());
    const listed = listing?.isComplete === true ? shown(listing.get(emailAddress)) : undefined;
    if (listed && isExpected(listed)) {
      ahead.expect(emailAddress);
      return { user: listed, isSettled: false };
    }
    const asked = answer(emailAddress);
    if (listing?.includesKeys === false) ahead.begin();
    return asked;
  };

  const read = async (emailAddress: string, isExpected: IsExpected = () => true) => {
    const wasSettled = lateReads.isSettled();
    const user = await certain(emailAddress);
    if (!user || isExpected(user) || wasSettled) return user;
    await lateReads.settle();
    return certain(emailAddress);
  };

  const find = async (emailAddress: string, isExpected: IsExpected) => {
    const isChanged = () => changed.has(fold(emailAddress));
    if (isChanged()) return read(emailAddress, isExpected);
    const first = await recall(emailAddress, isExpected);
    if (isChanged()) return read(emailAddress, isExpected);
    if (!first.user || isExpected(first.user) || first.isSettled) return shown(first.user);
    // All resources of this user wait here. The first one to continue reads the user for all of them.
    const stale = answers.get(emailAddress);
    await lateReads.settle();
    if (answers.get(emailAddress) === stale) answers.delete(emailAddress);
    return isChanged() ? read(emailAddress, isExpected) : (await answer(emailAddress)).user;
  };

  return {
    find,
    read,
    peek,
    async holderOf(emailAddress) {
      const user = await peek(emailAddress);
      return user || !(await lists.isTaken(emailAddress)) ? user : certain(emailAddress);
    },
    change(emailAddress) {
      changed.add(fold(emailAddress));
      answers.delete(emailAddress);
      own.delete(emailAddress);
    },
    isKnown: (userId) => lists.isKnown(userId),
    adopted: (user) => {
      lists.add(user);
    },
    created: (user) => {
      lists.add(user);
    },
    keepOwn: (user) => void own.set(user.emailAddress, user),
    takeOwn(emailAddress) {
      const user = own.get(emailAddress);
      own.delete(emailAddress);
      return user;
    },
    deletedUser(userId, emailAddress) {
      deleted.set(userId, emailAddress);
      lists.remove(userId, emailAddress);
    },
    revokedKey: (accessKeyId) => void revoked.add(accessKeyId),
    deletedFrom: (userId) => deleted.get(userId),
    isListed: (emailAddress) => lists.confirms(emailAddress),
    all: async () => (await lists.current()).all,
  };
}
