import { stackFlag } from "../lines";
import type { Difference } from "./difference";
import { findDifferences, type OtherDifference } from "./differences";
import type { LoggedRun } from "./eventLog";

/** What the log of a run tells of drift. */
export interface Report {
  /** "unknown": the run failed, was cut off, or didn't ask the cluster; never take that for "same". */
  result: "same" | "differs" | "unknown";
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

const applied = (stack: string) =>
  `the run changed the cluster, and its log tells what was before; run: PULUMI_DEBUG_COMMANDS=true pulumi preview --refresh${stackFlag(stack)} --event-log <file>`;

/** Judges a run. */
export function reportOf(run: LoggedRun): Report {
  const { stack, project, failure } = run;
  if (failure !== undefined) return unknownReport(failure, { stack, project });
  const { differences, others, compared, notCompared, counted, isOfProgram } = findDifferences(run);
  if (run.isApplied && isOfProgram && counted > 0)
    return unknownReport(applied(stack), { stack, project });
  const of = (wanted: Difference["cause"]) =>
    differences
      .filter(({ cause }) => cause === wanted)
      .sort((a, b) => compareTexts(a.urn, b.urn) || compareTexts(a.property, b.property));
  const [drift, pending] = [of("drift"), of("pending")];
  const isSame = differences.length + others.length + counted === 0;
  const result = notCompared.length > 0 ? "unknown" : isSame ? "same" : "differs";
  const found = { drift, pending, others, compared, notCompared };
  return {
    ...{ result, stack, project, ...found },
    title: titleOf(stack, found, isSame),
    notes: notesOf(found, counted, isOfProgram),
  };
}

/** A report that whether there is drift isn't known, and why. */
export function unknownReport(why: string, of: { stack?: string; project?: string } = {}): Report {
  const { stack = "", project = "" } = of;
  return {
    ...{ result: "unknown", stack, project },
    title: `Whether there is drift is not known: ${why}`,
    ...{ drift: [], pending: [], others: [], compared: 0, notCompared: [], notes: [] },
  };
}

type Found = Pick<Report, "drift" | "pending" | "others" | "compared" | "notCompared">;

function titleOf(
  stack: string,
  { drift, pending, compared, notCompared }: Found,
  isOtherwiseSame: boolean,
): string {
  const of = stack === "" ? "" : ` of stack ${stack}`;
  if (notCompared.length > 0) {
    return `Whether there is drift is not known: the run didn't ask the cluster for ${count(notCompared.length, "resource")}${of}; run: pulumi preview --refresh${stackFlag(stack)}`;
  }
  const looked = `${count(compared, "resource")}${of} compared with the cluster`;
  if (drift.length > 0) return `Drift: ${count(drift.length, "difference")}; ${looked}`;
  if (pending.length > 0) return `No drift, but the program isn't applied yet; ${looked}`;
  return isOtherwiseSame
    ? `No drift: ${looked}`
    : `No drift of users, keys and buckets, but the run would change something; ${looked}`;
}

function notesOf(
  { drift, pending, others }: Found,
  counted: number,
  isOfProgram: boolean,
): string[] {
  const names = [...new Set(others.map(({ type, name }) => `${name} (${type})`))].slice(0, 10);
  const more = others.length > names.length ? ", …" : "";
  const told = drift.length + pending.length + others.length;
  return [
    ...(isOfProgram
      ? []
      : ["The program wasn't run: what the last pulumi up stored stands for what is declared."]),
    ...goneNotes(drift),
    ...(drift.length > 0 && pending.length > 0
      ? ["A run that repairs the drift applies what is declared as well."]
      : []),
    ...(others.length > 0
      ? [
          `${count(others.length, "resource")} beside users, keys and buckets would change too: ${names.join(", ")}${more}; look at the run itself`,
        ]
      : []),
    ...(told === 0 && counted > 0
      ? [
          `The engine counts ${count(counted, "change")} that its log doesn't name; look at the run itself`,
        ]
      : []),
  ];
}

/** What reads as gone needn't be, and then an `up` refuses it. */
function goneNotes(drift: Difference[]): string[] {
  const gone = new Set(drift.flatMap(({ property, kind }) => (property === "exists" ? kind : [])));
  return [
    ...(gone.has("user")
      ? [
          "A user whom somebody deleted and made again is told as not there: pulumi up refuses to take that one over, and says what to type.",
        ]
      : []),
    ...(gone.has("bucket")
      ? [
          "A bucket that was given away or made again is told as not there: pulumi up makes none, it tracks the one of that name or says why it can't.",
        ]
      : []),
  ];
}

/** The same on every machine, whatever its language. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
