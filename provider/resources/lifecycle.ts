import type { Cluster } from "../cluster/cluster";
import { textOf } from "../text/message";

/** Properties as the engine sends them. */
export type Bag = Record<string, unknown>;

/** What `check` found wrong with one property; `property` is empty where the engine must not print its value. */
export interface CheckFailure {
  property: string;
  reason: string;
}

/** What `check` returns: inputs with defaults filled in. */
export interface Checked {
  inputs: Bag;
  failures: CheckFailure[];
}

/** A property that differs, and whether that updates or replaces the resource. */
export interface Change {
  property: string;
  kind: "update" | "replace";
}

/** What `diff` returns. */
export interface Difference {
  changes: Change[];
  /** Whether a replacement deletes the old object first. */
  deleteBeforeReplace?: boolean;
  /** Ids of the user and access keys in state that an update leaves as they are. A replacement gives them up. */
  ids: string[];
}

/** What `create` returns. */
export interface CreateResult {
  id: string;
  outs: Bag;
}

/** What `read` returns; without an id the object does not exist any more. */
export interface Found {
  id?: string;
  props?: Bag;
  inputs?: Bag;
}

/**
 * A resource's life as plain functions on JSON, without an engine. `check` sends nothing; `diff` reads only what it is about
 * to replace.
 */
export interface Lifecycle {
  check(news: Bag): Checked;
  /** @param cluster - undefined while a preview does not know the settings yet */
  diff(cluster: Cluster | undefined, id: string, olds: Bag, news: Bag): Promise<Difference>;
  create(cluster: Cluster, inputs: Bag): Promise<CreateResult>;
  read(cluster: Cluster, id: string, state: Bag): Promise<Found>;
  update(cluster: Cluster, id: string, olds: Bag, news: Bag): Promise<{ outs: Bag }>;
  delete(cluster: Cluster, id: string, state: Bag): Promise<void>;
}

/**
 * An object was created or changed, and a later step failed. The front door passes these three on: the engine stores them,
 * and the next `up` calls `update` to finish it.
 */
export class PartialError extends Error {
  override readonly name = "PartialError";

  constructor(
    readonly id: string,
    readonly properties: Bag,
    cause: unknown,
  ) {
    super(textOf(cause), { cause });
  }
}

/** The changes of some properties, in the form that `diff` returns. */
export function changed(kind: Change["kind"], properties: Record<string, boolean>): Change[] {
  return Object.entries(properties).flatMap(([property, isChanged]) =>
    isChanged ? [{ property, kind }] : [],
  );
}

/**
 * What `read` returns for an object that does not exist. A resource that is read by its id alone (`User.get`) has no state
 * yet: the program would continue with undefined outputs.
 *
 * @param known - an id that every state holds, and that no program sets
 * @throws what `error` returns, when there is no state
 */
export function notFound(known: string | undefined, error: () => Error): Found {
  if (known === undefined || known === "") throw error();
  return {};
}
