import type { Bag, Difference } from "../resources/lifecycle";

/** What the calls of the engine say about this run's program. */
export interface Program {
  /** Notes a read that found an object. */
  read(id: string): void;
  /** Whether a diff compares with the program; the diff that follows a refresh's read compares with the state alone. */
  isOfProgram(id: string): boolean;
  /** Notes the `adopt` line of a resource that is replaced. */
  replaced(news: Bag, difference: Difference): void;
  /** Inputs of a creation, without an `adopt` line that a replacement ignores. */
  toCreate(inputs: Bag): Bag;
}

/** Opens the notes of a run. */
export function createProgram(): Program {
  const reads = new Map<string, number>();
  const ignored = new Set<unknown>();
  return {
    read: (id) => void reads.set(id, (reads.get(id) ?? 0) + 1),
    isOfProgram(id) {
      const count = reads.get(id) ?? 0;
      if (count > 0) reads.set(id, count - 1);
      return count === 0;
    },
    replaced({ adopt }, { changes }) {
      const isReplaced = changes.some(({ kind }) => kind === "replace");
      if (isReplaced && adopt !== undefined) ignored.add(adopt);
    },
    toCreate({ adopt, ...inputs }) {
      // `adopt` applies only to a resource that is not in the stack yet. The host does not say that a creation replaces one.
      return adopt === undefined || ignored.has(adopt) ? inputs : { ...inputs, adopt };
    },
  };
}
