import { ApiError, isAmbiguous, isNotFound, isRejected } from "./api/errors";
import type { ApiUser } from "./api/schemas";
import { revokePair } from "./keys";
import { warn } from "./lifecycle";
import type { Session } from "./session";

/**
 * Whether the service refuses to make a user at an address that has one. No guide says so; where it does, its yes to
 * a PUT is the proof that nobody was there, and no address needs to be looked at before.
 */
export interface Conflict {
  /** True once it was seen. */
  isRefused(): boolean;
  /** Counts a user that this run made; tells whether to try with this one. */
  isDue(): boolean;
  see(isRefused: boolean): void;
}

/** A run that makes fewer users than this doesn't try: it would cost more than it saves. */
const fewest = 4;

/** Opens it with nothing known. */
export function createConflict(): Conflict {
  let made = 0;
  let refused = false;
  return {
    isRefused: () => refused,
    isDue: () => (made += 1) === fewest,
    see(isRefused) {
      refused = isRefused;
    },
  };
}

/**
 * Tries a second PUT on a user that this run has just made and that shows already: nobody else's can be touched. What
 * the service makes instead of refusing is taken back.
 *
 * @param user - with all pairs that it had so far
 * @throws what taking back throws, or looking after a failure that leaves open what happened
 */
export async function learnConflict(session: Session, user: ApiUser): Promise<void> {
  if (!session.conflict.isDue()) return;
  const { client, conflict } = session;
  const again = await client.createUser(user.emailAddress).catch(async (error: unknown) => {
    if (isRefusal(error)) {
      conflict.see(true);
      return undefined;
    }
    // Without an answer another user is no proof: somebody may have made the user anew.
    const now = await client.getUser(user.emailAddress);
    return now?.userId === user.userId ? now : undefined;
  });
  if (again) await takeBack(session, user, again);
}

function isRefusal(error: unknown): boolean {
  const isOther = isAmbiguous(error) || isRejected(error) || isNotFound(error);
  return error instanceof ApiError && !isOther;
}

async function takeBack(session: Session, user: ApiUser, again: ApiUser): Promise<void> {
  const { emailAddress, userId } = user;
  if (again.userId !== userId) {
    warn(
      `user ${emailAddress}: a second PUT was answered with another user (userId ${again.userId}); if nobody else made it: npx pulumi-ostor delete-user ${again.userId}`,
    );
    return;
  }
  const had = new Set(user.accessKeys.map(({ accessKeyId }) => accessKeyId));
  for (const { accessKeyId } of again.accessKeys) {
    if (!had.has(accessKeyId)) await revokePair(session, user, accessKeyId);
  }
}
