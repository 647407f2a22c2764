import type { Subject } from "./subject";

/** One property that differs between the cluster and the program. */
export interface Difference extends Subject {
  /** "drift": the cluster changed without the stack. "pending": the program changed and is not applied yet. */
  cause: "drift" | "pending";
  /** `exists`, or an input of the resource. */
  property: string;
  declared: string;
  found: string;
}
