import type { Difference } from "./differences";
import type { Step } from "./eventLog";
import { about } from "./subject";

const pairs = ["accessKeyId", "previousAccessKeyId"];

/**
 * What differs of keys that rotate. A pair that somebody revoked is no input, and a period that has passed isn't
 * either.
 *
 * @param refreshed - the step that asked the cluster
 * @param inputs - the inputs that differ
 */
export function rotationDifferences(
  step: Step,
  refreshed: Step | undefined,
  inputs: string[],
): Difference[] {
  const subject = about(refreshed ?? step);
  const [before, now] = [refreshed?.old?.outputs ?? {}, refreshed?.new?.outputs ?? {}];
  const revoked = pairs.filter((name) => idOf(before[name]) && !idOf(now[name]));
  if (refreshed?.new && revoked.length > 0) {
    return revoked.map((property) => ({
      ...subject,
      cause: "drift",
      property,
      declared: idOf(before[property]),
      found: "(revoked)",
    }));
  }
  const due = { ...subject, cause: "pending", found: "not yet" } as const;
  if (inputs.length === 0) return [{ ...due, property: "rotation", declared: "due" }];
  return inputs.map((property) => ({ ...due, property, declared: "(changed)" }));
}

function idOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
