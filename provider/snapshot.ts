import type { ApiUser } from "./api/schemas";

/**
 * What a run that only reads needs to be told once: one list of all users, and one answer for each user whom the list
 * doesn't tell enough of. Its first write ends it, so that nothing is answered from before a write.
 */
export interface Snapshot {
  /**
   * Reads a user.
   *
   * @param isEnough - whether what the list tells of the user will do
   * @param ask - reads the user alone; what it answers is kept
   */
  read(
    emailAddress: string,
    isEnough: (listed: ApiUser) => boolean,
    ask: () => Promise<ApiUser | undefined>,
  ): Promise<ApiUser | undefined>;
  /** Drops what it holds: reads may have been late. */
  forget(): void;
  /** Drops what it holds, and holds nothing any more. */
  end(): void;
}

/** A stack of few users isn't made to read the list of a cluster of a hundred thousand. */
const firstAlone = 3;
/** How old an answer may be: a refresh of thousands takes minutes. */
const longestMs = 60_000;
/** Of each user some hundred bytes. */
const mostAnswers = 20_000;

/** Opens an empty snapshot; `list` tells all users. */
export function createSnapshot(
  list: () => Promise<ApiUser[]>,
  now = () => performance.now(),
): Snapshot {
  let ended = false;
  const hasEnded = () => ended;
  let read = 0;
  let since = 0;
  let index: Promise<Map<string, ApiUser>> | undefined;
  const answers = new Map<string, Promise<ApiUser | undefined>>();
  const forget = () => {
    index = undefined;
    answers.clear();
  };
  const keep = (emailAddress: string, ask: () => Promise<ApiUser | undefined>) => {
    const kept = answers.get(emailAddress);
    if (kept) return kept;
    if (answers.size >= mostAnswers) answers.clear();
    const answer = ask();
    answers.set(emailAddress, answer);
    answer.catch(() => {
      if (answers.get(emailAddress) === answer) answers.delete(emailAddress);
    });
    return answer;
  };
  // A list that fails isn't asked for again: reading each user alone works, or tells what is wrong.
  const listed = async (emailAddress: string) => {
    index ??= list().then(byAddress, () => new Map<string, ApiUser>());
    return (await index).get(emailAddress);
  };
  return {
    async read(emailAddress, isEnough, ask) {
      if (hasEnded()) return ask();
      if (now() - since > longestMs) {
        forget();
        since = now();
      }
      if (!answers.has(emailAddress) && (read += 1) > firstAlone) {
        const user = await listed(emailAddress);
        if (hasEnded()) return ask();
        if (user && isEnough(user)) return user;
      }
      return keep(emailAddress, ask);
    },
    forget,
    end() {
      ended = true;
      forget();
    },
  };
}

/** By the exact address. One that is listed twice is left out: reading it alone tells whose it is. */
function byAddress(users: ApiUser[]): Map<string, ApiUser> {
  const found = new Map<string, ApiUser>();
  const twice = new Set<string>();
  for (const user of users) {
    if (found.has(user.emailAddress)) twice.add(user.emailAddress);
    found.set(user.emailAddress, user);
  }
  for (const emailAddress of twice) found.delete(emailAddress);
  return found;
}
