import type { Subject } from "./subject";

/** One property that isn't on the cluster what the program declares. */
export interface Difference extends Subject {
  /** "drift": the cluster changed past the stack. "pending": the program changed, and isn't applied yet. */
  cause: "drift" | "pending";
  /** `exists`, or an input of the resource. */
  property: string;
  declared: string;
  found: string;
}
