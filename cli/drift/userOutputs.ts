import { isDeepStrictEqual } from "node:util";
import { resourceOf } from "../resourceTypes";
import type { Difference } from "./difference";
import type { Step } from "./eventLog";
import { values } from "./messages";
import { subjectOf } from "./subject";

/** What the service assigns to a user, and no program declares. */
const assigned = ["flags", "ownerId"];

/**
 * The differences of a user that are not inputs, between what was stored and what a refresh found. The engine stores them
 * and calls them no change.
 */
export function userOutputDifferences(step: Step): Difference[] {
  if (resourceOf(step.type) !== "User") return [];
  const [before, now] = [step.old?.outputs ?? {}, step.new?.outputs ?? {}];
  return assigned
    .filter((name) => name in before && name in now)
    .filter((name) => !isDeepStrictEqual(before[name], now[name]))
    .map((property) => ({
      ...subjectOf(step),
      cause: "drift",
      property,
      declared: assignedText(before[property]),
      found: assignedText(now[property]),
    }));
}

/** Flags as a list, an id as it is. */
export function assignedText(value: unknown): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return values.notShown;
  return value.length === 0 ? values.none : value.join(", ");
}
