import { isDeepStrictEqual } from "node:util";
import type { Bag } from "../resources/lifecycle";

/**
 * What earlier calls of a run say about a later one, for one kind of resource. The dynamic host passes neither the name of
 * a resource nor the reason for a call.
 */
export interface EngineCalls {
  /** A refresh read a resource: the next `diff` of its id compares what was read with the last program's inputs. */
  refreshed(id: string): void;
  /** Whether this `diff` is a refresh's comparison, and not the program's. Each counts once. */
  isComparison(id: string): boolean;
  /** `diff` decided to replace a resource: `create` will be called with the same inputs. */
  replaced(inputs: Bag): void;
  /** Whether this `create` replaces a resource. A replacement that the engine forces isn't known as one. */
  isReplacement(inputs: Bag): boolean;
}

/** Opens the memory of one run. */
export function createEngineCalls(): EngineCalls {
  const open = new Map<string, number>();
  const replacements = new Map<unknown, Bag[]>();
  return {
    refreshed(id) {
      open.set(id, (open.get(id) ?? 0) + 1);
    },
    isComparison(id) {
      const count = open.get(id) ?? 0;
      if (count > 0) open.set(id, count - 1);
      return count > 0;
    },
    // By `adopt`: only with it the answer matters, and thousands of inputs needn't be compared with each other.
    replaced({ adopt, ...inputs }) {
      if (adopt === undefined) return;
      replacements.set(adopt, [...(replacements.get(adopt) ?? []), inputs]);
    },
    isReplacement({ adopt, ...inputs }) {
      return (replacements.get(adopt) ?? []).some((each) => isDeepStrictEqual(each, inputs));
    },
  };
}
