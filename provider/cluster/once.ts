import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, isAmbiguous } from "../api/errors";
import { pauseAfter } from "../api/send";
import { startDeadline } from "../api/timeLimit";
import { CodedError, textOf } from "../text/message";
import type { Context } from "./context";
import { notUndone, outcomeUnknown, stoppedBefore, stoppedUnproved, undone } from "./onceMessages";

/** A write that must not be carried out twice. */
export interface Write<T> {
  send: () => Promise<T>;
  /** Reads what the write created; undefined if nothing. What it finds counts as created by this write. */
  find: () => Promise<T | undefined>;
  /** The fix, for the message if that read fails too. */
  fix: string;
}

/**
 * Sends a write that is not safe to repeat. If the outcome is unknown, reads for a while and returns what it finds.
 * Only if it finds nothing, sends the write again, within the operation's deadline. After a 429 alone it does not read:
 * the write was not carried out, so it would find what someone else created. A CodedError is definite and ends the
 * write.
 *
 * @throws the write's own error if it is definite; CodedError if reading fails too
 */
export async function writeOnce<T>(context: Context, write: Write<T>): Promise<T> {
  const { settings, lateReads } = context;
  const deadline = startDeadline(settings);
  const attempts = async (attempt: number, wasOpen: boolean): Promise<T> => {
    // Stays true: an earlier attempt that was carried out late may cause the refusal of a later one.
    let isOpen = wasOpen;
    try {
      return await write.send();
    } catch (error) {
      if (error instanceof CodedError) throw error;
      isOpen ||= isAmbiguous(error) && !isTurnedAway(error);
      const found = isOpen ? await findAfter(context, error, write) : undefined;
      if (found !== undefined) return found;
      const pauseMs = pauseAfter(error, lateReads.pauseMs * 2 ** (attempt + 1));
      const isOver = attempt >= settings.maxRetries || pauseMs >= deadline.leftMs();
      if (isOver || context.isLost() || !isAmbiguous(error)) throw error;
      await sleep(pauseMs);
    }
    return attempts(attempt + 1, isOpen);
  };
  return attempts(0, false).finally(deadline.end);
}

/** Whether the service rejected a request with 429, and so did not carry it out. */
export function isTurnedAway(error: unknown): boolean {
  return error instanceof ApiError && error.status === 429;
}

/** Reads for a while, as reads may be stale. Only once after a 429: the attempt before it has waited already. */
async function findAfter<T>(
  { lateReads }: Context,
  error: unknown,
  { find, fix }: Write<T>,
): Promise<T | undefined> {
  try {
    return await (isTurnedAway(error) ? find() : lateReads.untilFound(find));
  } catch (second) {
    throw second instanceof CodedError ? second : outcomeUnknown(error, second, fix);
  }
}

/** What a call created. */
export interface Created {
  /** For messages: `create user ops@acme.example`. */
  attempt: string;
  /** Whether the service confirmed this call. What a later read found may be someone else's. */
  isProved: boolean;
  /** Deletes exactly what was created, by its id. */
  undo: () => Promise<unknown>;
  /** The fix if it is not deleted: a line of the program or a command. */
  fix: string;
}

/**
 * Runs the rest of a call that created something. If the engine exits before the end, no state records what was
 * created. It is deleted again if the service confirmed its creation; otherwise the error names it.
 *
 * @throws what `finish` throws; CodedError when the engine exited
 */
export async function finishOrUndo<T>(
  context: Context,
  created: Created,
  finish: () => Promise<T>,
): Promise<T> {
  if (!context.isLost()) {
    const [outcome] = await Promise.allSettled([finish()]);
    if (!context.isLost()) {
      if (outcome.status === "fulfilled") return outcome.value;
      throw outcome.reason;
    }
  }
  throw await undo(created);
}

/** @throws CodedError when the engine exited: nothing would record what is created */
export function refuseWhenLost(context: Context, attempt: string): void {
  if (context.isLost()) throw stoppedBefore(attempt);
}

async function undo({ attempt, isProved, undo: remove, fix }: Created): Promise<Error> {
  if (!isProved) return stoppedUnproved(attempt, fix);
  return remove().then(
    () => undone(attempt),
    (error: unknown) => notUndone(attempt, fix, textOf(error), error),
  );
}
