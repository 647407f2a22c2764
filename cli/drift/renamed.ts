import type { Step } from "./eventLog";
import { isOurs, nameOf } from "./subject";

/** A refresh and the steps of the program after it, side by side. */
export interface Matched {
  /** What the refresh told of the resource of a step. */
  foundOf: (step: Step) => Step | undefined;
  /** What the refresh found gone and the program may declare: which of its steps that is, the log doesn't tell. */
  lost: Step[];
}

/** The URN that the resource of a step has in the stack: a refresh, before the program, knows no other. */
export function storedUrn({ urn, old }: Step): string {
  return old?.urn ?? urn;
}

/**
 * Finds the step of the refresh for each step of the program, whose URN is new where an alias renames a resource. What
 * is gone has no URN in the stack any more that would tell: a creation of the same type and name is taken for it.
 */
export function matched(refreshed: Step[], planned: Step[]): Matched {
  const found = new Map(refreshed.map((step) => [step.urn, step]));
  const taken = new Set(planned.map(storedUrn));
  const gone = refreshed.filter((step) => isOurs(step) && !step.new && !taken.has(step.urn));
  const made = planned.filter(({ op, urn }) => op === "create" && !found.has(urn));
  const heirs = new Map(
    gone.flatMap((step) => made.filter(isAlike(step)).map(({ urn }) => [urn, step] as const)),
  );
  const inherited = new Set(heirs.values());
  const others = new Set(made.flatMap(({ type, urn }) => (heirs.has(urn) ? [] : type)));
  return {
    foundOf: (step) => found.get(storedUrn(step)) ?? heirs.get(step.urn),
    lost: gone.filter((step) => !inherited.has(step) && others.has(step.type)),
  };
}

function isAlike({ type, urn }: Step): (step: Step) => boolean {
  return (step) => step.type === type && nameOf(step.urn) === nameOf(urn);
}
