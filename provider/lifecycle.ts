import { plain } from "./api/errors";
import type { Session } from "./session";

/** Properties as the engine sends them. */
export type Bag = Record<string, unknown>;

/** What `check` found wrong with one property, or, where `property` is empty, with several. */
export interface CheckFailure {
  property: string;
  reason: string;
}

/** What `check` returns: inputs with defaults filled in. */
export interface Checked {
  inputs: Bag;
  failures: CheckFailure[];
}

/** What `diff` returns. */
export interface Difference {
  changes: boolean;
  replaces?: string[];
  deleteBeforeReplace?: boolean;
  /** The user and the keys in state that an update leaves as they are, by id. What is replaced gives them up. */
  ids: string[];
}

/** What `read` returns; without an id the object is gone. */
export interface Found {
  id?: string;
  props?: Bag;
  inputs?: Bag;
}

/**
 * A resource's life as plain functions on JSON, without an engine: the dynamic provider runs them today, a
 * native plugin can later. `check` sends nothing; `diff` looks only at what it is about to replace.
 */
export interface Lifecycle {
  check(news: Bag): Checked;
  diff(session: Session | undefined, id: string, olds: Bag, news: Bag): Promise<Difference>;
  create(session: Session, inputs: Bag): Promise<{ id: string; outs: Bag }>;
  read(session: Session, id: string, state: Bag): Promise<Found>;
  update(session: Session, id: string, olds: Bag, news: Bag): Promise<{ outs: Bag }>;
  delete(session: Session, id: string, state: Bag): Promise<void>;
}

/**
 * Something was made and a later step failed. Thrown with these three, the engine keeps it in state, and the
 * next `up` calls `update` to finish it.
 */
export class HalfMadeError extends Error {
  override readonly name = "HalfMadeError";
  readonly id: string;
  readonly properties: Bag;
  readonly reasons: string[];

  constructor(id: string, properties: Bag, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(reason, { cause });
    this.id = id;
    this.properties = properties;
    this.reasons = [reason];
  }
}

/**
 * What `read` returns for what does not exist. A resource that is read by its id alone (`User.get`) has no state yet: the
 * program would go on with outputs that are undefined.
 *
 * @param known - an id that every state holds, and what a program gives doesn't
 * @throws Error when there is no state
 */
export function notFound(known: string | undefined, message: string): Found {
  if (known === undefined || known === "") throw new Error(message);
  return {};
}

/** Tells the person who runs the engine, who sees it among the run's messages: one line, whatever it quotes. */
export function warn(message: string): void {
  console.warn(`warning: ${plain(message)}`);
}

/** Tells what is about to happen and needs nobody to do anything. */
export function note(message: string): void {
  console.info(plain(message));
}
