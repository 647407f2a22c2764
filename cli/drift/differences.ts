import { isDeepStrictEqual } from "node:util";
import { isUnknown } from "../../provider/settings/unknown";
import type { LoggedRun, LoggedState, Step } from "./eventLog";
import { values } from "./messages";
import { matchSteps, storedUrn } from "./renamed";
import type { Difference } from "./difference";
import { revokedKeys, rotationDifferences } from "./rotation";
import { isOurs, isRotation, nameOf, subjectOf } from "./subject";
import { userOutputDifferences } from "./userOutputs";

/** A difference of a resource of another package. */
export interface OtherDifference {
  type: string;
  name: string;
  operation: string;
}

/** A run of the engine as a comparison of program, stack and cluster. */
export interface Differences {
  differences: Difference[];
  /** Whether the program ran: otherwise what the last `up` stored counts as declared. */
  isOfProgram: boolean;
  /** Of other packages, including the settings of providers. */
  others: OtherDifference[];
  /** How many users, keys and buckets were read from the cluster. */
  compared: number;
  /** Names of users, keys and buckets that are in the stack and were not read from the cluster. */
  notCompared: string[];
  /** How many changes the engine counted. */
  counted: number;
}

/** Inputs whose values may be printed; of others only the fact that they differ. */
const printedInputs =
  "state createAccessKey deleteEmptyBuckets emailAddress user userId replaceOrder adopt name owner".split(
    " ",
  );

/** Whether the engine calls an operation a change. */
const isChange = (operation: string) => !/^(same|refresh|read.*)$/.test(operation);

/**
 * Compares what is declared with what was found. In the log of `pulumi preview --refresh` the program declares. In the
 * log of `pulumi refresh` it did not run, and what the last `up` stored counts as declared.
 */
export function findDifferences(run: LoggedRun): Differences {
  const { refreshed, planned } = run;
  const isOfProgram = isProgramRun(run);
  const live = planned.filter(isLive);
  const { refreshOf, unmatched } = matchSteps(refreshed.filter(isLive), live);
  const read = new Set([...planned.filter(isRead), ...refreshed.filter(isExternal)].map(storedUrn));
  const isManaged = (step: Step) => isOurs(step) && !read.has(storedUrn(step));
  const changes = changesOf(isOfProgram ? planned : refreshed);
  const notCompared = live
    .filter((step) => isManaged(step) && step.old && !refreshOf(step))
    // With --run-program the engine does not refresh what the program no longer declares: its deletion needs no comparison.
    .filter(({ op }) => op !== "delete" || refreshed.length === 0);
  return {
    isOfProgram,
    differences: [
      ...changes
        .filter(isManaged)
        .flatMap((step) => (isOfProgram ? fromProgram(step, refreshOf(step)) : fromState(step))),
      ...unmatched.flatMap(fromState),
      ...refreshed
        .filter((step) => isManaged(step) && isLive(step))
        .flatMap((step) => [...userOutputDifferences(step), ...revokedKeys(step)]),
    ],
    others: changes
      .filter((step) => !isManaged(step))
      .map(({ type, urn, op }) => ({ type, name: nameOf(urn), operation: op })),
    compared: refreshed.filter(isManaged).length,
    notCompared: [...new Set(notCompared.map(({ urn }) => nameOf(urn)))],
    counted: Object.entries(run.counted)
      .filter(([operation]) => isChange(operation))
      .reduce((sum, [, count]) => sum + count, 0),
  };
}

/**
 * Whether the program declares in this run. With `--run-program` a refresh runs it too, but plans only the stack and
 * providers.
 */
function isProgramRun({ refreshed, planned }: LoggedRun): boolean {
  const isDeclared = (step: Step) => isOurs(step) && !isRead(step);
  return refreshed.some(isOurs) ? planned.some(isDeclared) : planned.length > 0;
}

function isRead({ op }: Step): boolean {
  return op.startsWith("read");
}

/** A resource that is only read (`User.get`) is not managed by this stack. */
function isExternal({ old }: Step): boolean {
  return old?.external === true;
}

/** The steps that change something. A replacement has up to three steps: only the first that is not a deletion counts. */
function changesOf(steps: Step[]): Step[] {
  const seen = new Set<string>();
  return steps.filter(({ op, urn }) => {
    if (!isChange(op) || op === "delete-replaced") return false;
    if (op === "delete") return true;
    if (seen.has(urn)) return false;
    seen.add(urn);
    return true;
  });
}

/** A resource whose deletion is pending is not the current one of its URN. */
function isLive({ old }: Step): boolean {
  return old?.delete !== true;
}

/** The differences between what was stored and what a refresh found. */
function fromState(step: Step): Difference[] {
  const { old, new: found } = step;
  if (!found) return [{ ...subjectOf(step), cause: "drift", ...notFound }];
  if (isRotation(step)) return rotationDifferences(step, step, differing(old, found));
  const inputs = differing(old, found);
  const named = userOutputDifferences(step).length === 0 ? orUnnamed(inputs) : inputs;
  return named.map((property) => ({
    ...subjectOf(step),
    cause: "drift",
    ...valuesOf(property, old, found),
  }));
}

/** The differences between what the program declares and what was found. What was stored shows the cause. */
function fromProgram(step: Step, refreshed: Step | undefined): Difference[] {
  const { op, old, new: declared } = step;
  if (op === "delete") {
    const removed = { property: "exists", declared: values.no, found: values.yes };
    return [{ ...subjectOf(step), cause: "pending", ...removed }];
  }
  if (!old || !declared) {
    const wasDeleted = refreshed !== undefined && !refreshed.new;
    const known = wasDeleted ? subjectOf(refreshed) : subjectOf(step);
    return [{ ...known, cause: wasDeleted ? "drift" : "pending", ...notFound }];
  }
  const drifted = refreshed?.new ? differing(refreshed.old, refreshed.new) : [];
  // An output of a resource that changes is not known yet, and may stay the same.
  const isKnown = (property: string) => !isUnknown(declared.inputs?.[property]);
  const all = differing(declared, old);
  if (isRotation(step)) return rotationDifferences(step, refreshed, all.filter(isKnown));
  return orUnnamed(all.some(isKnown) ? all.filter(isKnown) : all).map((property) => ({
    ...subjectOf(step),
    cause: drifted.includes(property) ? "drift" : "pending",
    ...valuesOf(property, declared, old),
  }));
}

const notFound = { property: "exists", declared: values.yes, found: values.no };

/** Names of the inputs that differ, of those that are compared. */
function differing(one: LoggedState | null | undefined, other: LoggedState): string[] {
  const [a, b] = [one?.inputs ?? {}, other.inputs ?? {}];
  const isCompared = (name: string) =>
    !neverCompared.includes(name) && (name !== "userId" || (name in a && name in b));
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => isCompared(name) && !isDeepStrictEqual(a[name], b[name]))
    .sort();
}

/** Options of a resource that are not on the cluster, and that a refresh does not store. */
const neverCompared = ["__provider", "adopt", "replaceOrder"];

/** The engine may report a change although no input differs. */
function orUnnamed(properties: string[]): string[] {
  return properties.length === 0 ? [values.unnamed] : properties;
}

function valuesOf(
  property: string,
  declared: LoggedState | null | undefined,
  found: LoggedState,
): Pick<Difference, "property" | "declared" | "found"> {
  if (!printedInputs.includes(property))
    return { property, declared: values.notShown, found: values.differs };
  return {
    property,
    declared: printed(declared?.inputs?.[property]),
    found: printed(found.inputs?.[property]),
  };
}

function printed(value: unknown): string {
  if (value === undefined || value === null) return values.none;
  if (isUnknown(value)) return values.unknown;
  if (typeof value === "string") return value;
  return typeof value === "boolean" ? String(value) : values.notShown;
}
