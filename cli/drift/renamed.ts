import { resourceOf } from "../resourceTypes";
import type { Step } from "./eventLog";
import { isOurs, nameOf } from "./subject";

/** The steps of a refresh, matched with the steps of the program after it. */
export interface MatchedSteps {
  /** The step of the refresh for the resource of a step of the program. */
  refreshOf: (step: Step) => Step | undefined;
  /** Resources that do not exist any more and that the program may declare under a name that the log does not show. */
  unmatched: Step[];
}

/** The URN of a step's resource in the stack: a refresh runs before the program and knows no other. */
export function storedUrn({ urn, old }: Step): string {
  return old?.urn ?? urn;
}

/**
 * Finds the step of the refresh for each step of the program, whose URN is new if an alias renames the resource. A
 * resource that does not exist any more has no URN in the stack: a creation of the same type and name counts as its step.
 */
export function matchSteps(refreshed: Step[], planned: Step[]): MatchedSteps {
  const found = new Map(refreshed.map((step) => [step.urn, step]));
  const plannedUrns = new Set(planned.map(storedUrn));
  const notFound = refreshed.filter(
    (step) => isOurs(step) && !step.new && !plannedUrns.has(step.urn),
  );
  const created = planned.filter(({ op, urn }) => op === "create" && !found.has(urn));
  const byCreatedUrn = new Map(
    notFound.flatMap((step) =>
      created.filter(hasTypeAndNameOf(step)).map(({ urn }) => [urn, step] as const),
    ),
  );
  const matched = new Set(byCreatedUrn.values());
  const newTypes = new Set(
    created.flatMap((step) => (byCreatedUrn.has(step.urn) ? [] : resourceOf(step.type))),
  );
  return {
    refreshOf: (step) => found.get(storedUrn(step)) ?? byCreatedUrn.get(step.urn),
    unmatched: notFound.filter((step) => !matched.has(step) && newTypes.has(resourceOf(step.type))),
  };
}

/** A resource may move from one family of types to the other. */
function hasTypeAndNameOf({ type, urn }: Step): (step: Step) => boolean {
  return (step) => resourceOf(step.type) === resourceOf(type) && nameOf(step.urn) === nameOf(urn);
}
