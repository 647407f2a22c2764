import type { Difference } from "./difference";
import type { Step } from "./eventLog";
import { values } from "./messages";
import { isRotation, subjectOf } from "./subject";

const keyIds = ["accessKeyId", "previousAccessKeyId"];

/**
 * The keys that someone revoked, by a refresh. A missing previous key is no change for the engine: the next rotation does
 * not need it.
 */
export function revokedKeys(refreshed: Step): Difference[] {
  if (!isRotation(refreshed) || !refreshed.new) return [];
  const [before, now] = [refreshed.old?.outputs ?? {}, refreshed.new.outputs ?? {}];
  return keyIds
    .filter((name) => idOf(before[name]) && !idOf(now[name]))
    .map((property) => ({
      ...subjectOf(refreshed),
      cause: "drift",
      property,
      declared: idOf(before[property]),
      found: values.revoked,
    }));
}

/**
 * What the program changed of rotating keys. A rotation that is due is not an input.
 *
 * @param refreshed - the step that read the cluster
 * @param inputs - the inputs that differ
 */
export function rotationDifferences(
  step: Step,
  refreshed: Step | undefined,
  inputs: string[],
): Difference[] {
  const isRevoked = refreshed !== undefined && revokedKeys(refreshed).length > 0;
  const changed =
    inputs.length === 0 && !isRevoked
      ? [{ property: "rotation", declared: values.due, found: values.notYet }]
      : inputs.map((property) => ({ property, declared: values.changed, found: values.notYet }));
  const subject = subjectOf(refreshed ?? step);
  return changed.map((each) => ({ ...subject, cause: "pending", ...each }));
}

function idOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
