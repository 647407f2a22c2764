import type { Difference } from "./difference";
import type { Step } from "./eventLog";
import { values } from "./messages";
import { subjectOf } from "./subject";

const keyIds = ["accessKeyId", "previousAccessKeyId"];

/**
 * The differences of rotating keys. A revoked key and a rotation that is due are not inputs.
 *
 * @param refreshed - the step that read the cluster
 * @param inputs - the inputs that differ
 */
export function rotationDifferences(
  step: Step,
  refreshed: Step | undefined,
  inputs: string[],
): Difference[] {
  const subject = subjectOf(refreshed ?? step);
  const [before, now] = [refreshed?.old?.outputs ?? {}, refreshed?.new?.outputs ?? {}];
  const revokedIds = keyIds.filter((name) => idOf(before[name]) && !idOf(now[name]));
  const revoked =
    refreshed?.new === undefined || refreshed.new === null
      ? []
      : revokedIds.map((property) => ({
          property,
          declared: idOf(before[property]),
          found: values.revoked,
        }));
  const changed =
    inputs.length + revoked.length === 0
      ? [{ property: "rotation", declared: values.due, found: values.notYet }]
      : inputs.map((property) => ({ property, declared: values.changed, found: values.notYet }));
  return [
    ...revoked.map((each) => ({ ...subject, cause: "drift" as const, ...each })),
    ...changed.map((each) => ({ ...subject, cause: "pending" as const, ...each })),
  ];
}

function idOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
