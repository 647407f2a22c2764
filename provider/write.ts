import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, isAmbiguous } from "./api/errors";
import { pauseAfter } from "./api/send";
import { startDeadline } from "./api/timeLimit";
import { lookAgain } from "./presence";
import type { Session } from "./session";

/** What is certain, whatever else failed: `writeOnce` passes it on as it is. */
export class CertainError extends Error {
  override readonly name = "CertainError";
}

/**
 * Sends a write that is not safe to repeat. After a failure that leaves open what happened it looks first and
 * takes what is there; only if nothing shows for a while it sends again, within the operation's deadline. What a
 * service turned away for being busy (429) wasn't carried out: what shows then is somebody else's.
 *
 * @param look - what the write made, or undefined; what it finds counts as made by this write
 * @param wayOut - what to do when looking fails too
 * @throws the write's own error when it is definite; Error when looking fails too
 */
export async function writeOnce<T>(
  session: Session,
  write: () => Promise<T>,
  look: () => Promise<T | undefined>,
  wayOut = "run pulumi up again: what exists by then is named together with the line that adopts it",
): Promise<T> {
  const deadline = startDeadline(session.settings);
  const { maxRetries } = session.settings;
  const attempts = async (attempt: number, wasOpen: boolean): Promise<T> => {
    // A definite refusal of a repetition may come from an earlier one that was carried out late.
    let isOpen = wasOpen;
    try {
      return await write();
    } catch (error) {
      if (error instanceof CertainError) throw error;
      isOpen ||= isAmbiguous(error) && !isTurnedAway(error);
      const made = isOpen ? await lookAfter(session, error, look, wayOut) : undefined;
      if (made !== undefined) return made;
      const pauseMs = pauseAfter(error, session.visibility.pauseMs * 2 ** (attempt + 1));
      const isOver = attempt >= maxRetries || pauseMs >= deadline.leftMs() || session.isLost();
      if (isOver || !isAmbiguous(error)) throw error;
      await sleep(pauseMs);
    }
    return attempts(attempt + 1, isOpen);
  };
  return attempts(0, false).finally(deadline.end);
}

function isTurnedAway(error: unknown): boolean {
  return error instanceof ApiError && error.status === 429;
}

/** What may have been carried out may show late; for an attempt before the last one that was waited already. */
async function lookAfter<T>(
  session: Session,
  error: unknown,
  look: () => Promise<T | undefined>,
  wayOut: string,
): Promise<T | undefined> {
  try {
    return await (isTurnedAway(error) ? look() : lookAgain(session, look));
  } catch (second) {
    throw second instanceof CertainError ? second : openOutcome(error, second, wayOut);
  }
}

function openOutcome(error: unknown, second: unknown, wayOut: string): Error {
  const [first, then] = [error, second].map((each) =>
    each instanceof Error ? each.message : String(each),
  );
  return new Error(`${first}; whether it was done could not be read (${then}); ${wayOut}`, {
    cause: second,
  });
}
