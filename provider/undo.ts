import type { Session } from "./session";

/** What a call made. */
export interface Made {
  /** For messages: `create user ops@acme.example`. */
  attempt: string;
  /** Whether the service's own yes to this call is the proof; what was only found may be somebody's. */
  isProved: boolean;
  /** Takes back exactly what was made, by its id. */
  undo: () => Promise<unknown>;
  /** What to do with what can't be taken back: the line or the command that settles it. */
  fix: string;
}

/**
 * Finishes what a call has begun. When the engine is lost by then nobody records the result, so what was made
 * is taken back: the next run begins anew.
 *
 * @throws what `finish` throws; Error when the engine is lost, whether it could be taken back or not
 */
export async function keepOrUndo<T>(
  session: Session,
  made: Made,
  finish: () => Promise<T>,
): Promise<T> {
  if (!session.isLost()) {
    const [outcome] = await Promise.allSettled([finish()]);
    if (!session.isLost()) {
      if (outcome.status === "fulfilled") return outcome.value;
      throw outcome.reason;
    }
  }
  throw await takeBack(made);
}

/** Refuses to make anything that nobody would record. */
export function refuseWhenLost(session: Session, attempt: string): void {
  if (session.isLost()) throw new Error(`${attempt}: the run was stopped, nothing was made`);
}

async function takeBack({ attempt, isProved, undo, fix }: Made): Promise<Error> {
  const stopped = `${attempt}: the run was stopped before this could be recorded`;
  if (!isProved) {
    return new Error(`${stopped}; it exists, and is left as it is: ${fix}`);
  }
  try {
    await undo();
    return new Error(`${stopped}; it was taken back`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return new Error(`${stopped}; it couldn't be taken back (${reason}): ${fix}`, { cause: error });
  }
}
