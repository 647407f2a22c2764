import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, isAmbiguous } from "./api/errors";
import { longestPauseMs } from "./api/send";
import type { Session } from "./session";

/**
 * Sends a write that is not safe to repeat. After a failure that leaves open what happened it looks first and
 * takes what is there; only if nothing is there it sends again.
 *
 * @param look - what the write made, or undefined; what it finds counts as made by this write
 * @throws the write's own error when it is definite; Error when looking fails too
 */
export async function writeOnce<T>(
  session: Session,
  write: () => Promise<T>,
  look: () => Promise<T | undefined>,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      // A definite refusal of a repetition may come from an earlier one that was carried out late.
      if (attempt === 0 && !isAmbiguous(error)) throw error;
      const made = await look().catch((second: unknown) => {
        throw openOutcome(error, second);
      });
      if (made !== undefined) return made;
      const isOver = attempt >= session.settings.maxRetries || session.isLost();
      if (isOver || !isAmbiguous(error)) throw error;
      const askedMs = error instanceof ApiError ? error.retryAfterMs : undefined;
      const pauseMs = askedMs ?? Math.random() * session.visibility.pauseMs * 2 ** (attempt + 1);
      await sleep(Math.min(longestPauseMs, pauseMs));
    }
  }
}

function openOutcome(error: unknown, second: unknown): Error {
  const [first, then] = [error, second].map((each) =>
    each instanceof Error ? each.message : String(each),
  );
  return new Error(
    `${first}; whether it was done could not be read (${then}); run pulumi up again: what exists by then is named together with the line that adopts it`,
    { cause: second },
  );
}
