import type { Difference } from "./difference";
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
  const gone =
    refreshed?.new === undefined || refreshed.new === null
      ? []
      : revoked.map((property) => ({
          property,
          declared: idOf(before[property]),
          found: "(revoked)",
        }));
  const changed =
    inputs.length + gone.length === 0
      ? [{ property: "rotation", declared: "due", found: "not yet" }]
      : inputs.map((property) => ({ property, declared: "(changed)", found: "not yet" }));
  return [
    ...gone.map((each) => ({ ...subject, cause: "drift" as const, ...each })),
    ...changed.map((each) => ({ ...subject, cause: "pending" as const, ...each })),
  ];
}

function idOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
