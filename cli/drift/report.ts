import type { Message } from "../../provider/text/message";
import type { Difference } from "./difference";
import { findDifferences, type OtherDifference } from "./differences";
import type { LoggedRun } from "./eventLog";
import {
  bucketNotFoundNote,
  changesPending,
  comparedResources,
  driftFound,
  driftUnknown,
  noDrift,
  notReadFromCluster,
  otherChanges,
  otherResources,
  repairAppliesProgram,
  runChanged,
  unnamedChanges,
  userNotFoundNote,
  withoutProgram,
} from "./messages";

/** The drift that the log of a run contains. */
export interface Report {
  /** "unknown": the run failed, was interrupted, or did not read the cluster. It never means "same". */
  result: "same" | "differs" | "unknown";
  /** Why the result is unknown; printed for people only. */
  code?: string;
  stack: string;
  project: string;
  title: string;
  drift: Difference[];
  pending: Difference[];
  others: OtherDifference[];
  compared: number;
  notCompared: string[];
  notes: string[];
}

/** Reports the drift that a run found. */
export function reportOf(run: LoggedRun): Report {
  const { stack, project, failure } = run;
  if (failure !== undefined) return unknownReport(failure, { stack, project });
  const { differences, others, compared, notCompared, counted, isOfProgram } = findDifferences(run);
  if (run.isApplied && isOfProgram && counted > 0)
    return unknownReport(runChanged(stack), { stack, project });
  const of = (wanted: Difference["cause"]) =>
    differences.filter(({ cause }) => cause === wanted).sort(byUrnAndProperty);
  const found = { drift: of("drift"), pending: of("pending"), others, compared, notCompared };
  const isSame = differences.length + others.length + counted === 0;
  const result = notCompared.length > 0 ? "unknown" : isSame ? "same" : "differs";
  return {
    ...{ result, stack, project, ...found },
    ...titleOf(stack, found, isSame, notReadFromCluster),
    notes: reportNotes(found, counted, isOfProgram),
  };
}

/** A report that drift is not known, and why. */
export function unknownReport(
  { code, text }: Message,
  of: { stack?: string; project?: string } = {},
): Report {
  const { stack = "", project = "" } = of;
  return {
    ...{ result: "unknown", code, stack, project },
    title: driftUnknown(text),
    ...{ drift: [], pending: [], others: [], compared: 0, notCompared: [], notes: [] },
  };
}

/** The result of several reports: unknown if one is, otherwise whether any differs. */
export function worstOf(reports: readonly Report[]): Report["result"] {
  const results = new Set(reports.map(({ result }) => result));
  return (["unknown", "differs"] as const).find((each) => results.has(each)) ?? "same";
}

type Found = Pick<Report, "drift" | "pending" | "others" | "compared" | "notCompared">;

/**
 * The title of a report, and the code if the result is unknown.
 *
 * @param unread - the message about resources that were not compared
 */
export function titleOf(
  stack: string,
  found: Found,
  isOtherwiseSame: boolean,
  unread: (resources: number, stack: string) => Message,
): Pick<Report, "title" | "code"> {
  const { drift, pending, notCompared } = found;
  if (notCompared.length > 0) {
    const { code, text } = unread(notCompared.length, stack);
    return { title: driftUnknown(text), code };
  }
  const compared = comparedResources(found.compared, stack);
  if (drift.length > 0) return { title: driftFound(drift.length, compared) };
  if (pending.length > 0) return { title: changesPending(compared) };
  return { title: isOtherwiseSame ? noDrift(compared) : otherChanges(compared) };
}

/** The notes below the tables. */
export function reportNotes(
  { drift, pending, others }: Found,
  counted: number,
  isOfProgram: boolean,
): string[] {
  const names = [...new Set(others.map(({ type, name }) => `${name} (${type})`))].slice(0, 10);
  const listed = `${names.join(", ")}${others.length > names.length ? ", …" : ""}`;
  const named = drift.length + pending.length + others.length;
  return [
    ...(isOfProgram ? [] : [withoutProgram]),
    ...notesOnReplaced(drift),
    ...(drift.length > 0 && pending.length > 0 ? [repairAppliesProgram] : []),
    ...(others.length > 0 ? [otherResources(others.length, listed)] : []),
    ...(named === 0 && counted > 0 ? [unnamedChanges(counted)] : []),
  ];
}

/** An object that is listed as not found may have been replaced, and then an `up` refuses it. */
function notesOnReplaced(drift: Difference[]): string[] {
  const kinds = new Set(drift.flatMap(({ property, kind }) => (property === "exists" ? kind : [])));
  return [
    ...(kinds.has("user") ? [userNotFoundNote] : []),
    ...(kinds.has("bucket") ? [bucketNotFoundNote] : []),
  ];
}

/** The order of differences. */
export function byUrnAndProperty(a: Difference, b: Difference): number {
  return compareTexts(a.urn, b.urn) || compareTexts(a.property, b.property);
}

/** Compares in the same order on every machine, whatever its locale. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
