import type { ApiUser } from "./api/schemas";
import { listingOf, noListing, type Listing } from "./listing";
import { createLookAhead } from "./lookAhead";

/**
 * What a run that only reads needs to be told once: one list of all users, and one answer for each user whom the list
 * doesn't tell enough of. Its first write ends it, so that nothing is answered from before a write.
 */
export interface Snapshot {
  /**
   * Reads a user.
   *
   * @param isEnough - whether what the list tells of the user will do
   */
  read(emailAddress: string, isEnough: (listed: ApiUser) => boolean): Promise<ApiUser | undefined>;
  /** Drops what it holds: reads may have been late. */
  forget(): void;
  /** Drops what it holds, and holds nothing any more. */
  end(): void;
}

/** Where a snapshot gets its answers. */
export interface Sources {
  list: () => Promise<ApiUser[]>;
  /** Reads one user; what it answers is kept. */
  ask: (emailAddress: string) => Promise<ApiUser | undefined>;
  /** How many users are read at a time. */
  width: number;
  /** Milliseconds of any clock. */
  now?: () => number;
}

/** A stack of few users isn't made to read the list of a cluster of a hundred thousand. */
const firstAlone = 3;
/** How old an answer may be: a refresh of thousands takes minutes. */
const longestMs = 60_000;
/** Of each user some hundred bytes. */
const mostAnswers = 20_000;

/** Opens an empty snapshot. */
export function createSnapshot(sources: Sources): Snapshot {
  const { now = () => performance.now() } = sources;
  let ended = false;
  const hasEnded = () => ended;
  let asked = 0;
  let since = now();
  let listing: Promise<Listing> | undefined;
  const answers = keepAnswers(sources.ask);
  const ahead = createLookAhead(sources.width, (emailAddress) =>
    hasEnded() || answers.has(emailAddress) ? undefined : answers.get(emailAddress),
  );
  const forget = () => {
    asked = 0;
    listing = undefined;
    answers.clear();
    ahead.clear();
  };
  // A list that fails isn't asked for again: reading each user alone works, or tells what is wrong.
  const listed = () =>
    (listing ??= Promise.all([sources.list(), answers.all()]).then(
      ([all, alone]) => listingOf(all, alone),
      () => noListing,
    ));
  return {
    async read(emailAddress, isEnough) {
      if (hasEnded()) return sources.ask(emailAddress);
      if (now() - since > longestMs) {
        forget();
        since = now();
      }
      if (answers.has(emailAddress) || (asked += 1) <= firstAlone) {
        ahead.taken(emailAddress);
        return answers.get(emailAddress);
      }
      const { users, tellsKeys, tellsAsMuch } = await listed();
      if (hasEnded()) return sources.ask(emailAddress);
      const user = users.get(emailAddress);
      if (user && tellsAsMuch && isEnough(user)) {
        ahead.expect(emailAddress);
        return user;
      }
      const answer = answers.get(emailAddress);
      if (!tellsKeys) ahead.begin();
      return answer;
    },
    forget,
    end() {
      ended = true;
      forget();
    },
  };
}

/** One answer for each user, unless it is a failure. */
function keepAnswers(ask: Sources["ask"]) {
  const kept = new Map<string, ReturnType<Sources["ask"]>>();
  return {
    has: (emailAddress: string) => kept.has(emailAddress),
    clear: () => {
      kept.clear();
    },
    get(emailAddress: string) {
      const known = kept.get(emailAddress);
      if (known) return known;
      if (kept.size >= mostAnswers) kept.clear();
      const answer = ask(emailAddress);
      kept.set(emailAddress, answer);
      answer.catch(() => {
        if (kept.get(emailAddress) === answer) kept.delete(emailAddress);
      });
      return answer;
    },
    /** Users of whom something is known, once all answers are there. */
    async all(): Promise<ApiUser[]> {
      const settled = await Promise.allSettled(kept.values());
      return settled.flatMap((each) =>
        each.status === "fulfilled" && each.value ? [each.value] : [],
      );
    },
  };
}
