import { isDeepStrictEqual } from "node:util";
import { isUnknown } from "../../provider/settings/unknown";
import type { LoggedRun, LoggedState, Step } from "./eventLog";
import { matched, storedUrn } from "./renamed";
import type { Difference } from "./difference";
import { rotationDifferences } from "./rotation";
import { about, isOurs, isRotation, nameOf } from "./subject";

/** What differs of another package. */
export interface OtherDifference {
  type: string;
  name: string;
  operation: string;
}

/** A run of the engine read as a comparison of program, stack and cluster. */
export interface Differences {
  differences: Difference[];
  /** Whether the program ran: if not, what the last `up` stored stands for what is declared. */
  isOfProgram: boolean;
  /** Of other packages, the settings of providers among them. */
  others: OtherDifference[];
  /** How many users, keys and buckets the cluster was asked for. */
  compared: number;
  /** Names of users, keys and buckets that are in the stack and that the cluster wasn't asked for. */
  notCompared: string[];
  /** How many changes the engine counted. */
  counted: number;
}

/** Inputs that hold nothing but what may be shown; of others only that they differ is told. */
const shownInputs =
  "state createAccessKey deleteEmptyBuckets emailAddress user userId replaceOrder adopt name owner".split(
    " ",
  );

/** Operations that the engine doesn't call a change. */
const isChange = (operation: string) => !/^(same|refresh|read.*)$/.test(operation);

/**
 * Compares what is declared with what was found. In the log of `pulumi preview --refresh` the program declares; in that
 * of `pulumi refresh` it didn't run, and what the last `up` stored stands for it.
 */
export function findDifferences(run: LoggedRun): Differences {
  const { refreshed, planned } = run;
  const isOfProgram = isProgramRun(run);
  const live = planned.filter(isLive);
  const { foundOf, lost } = matched(refreshed.filter(isLive), live);
  const read = new Set([...planned.filter(isRead), ...refreshed.filter(isExternal)].map(storedUrn));
  const isHeld = (step: Step) => isOurs(step) && !read.has(storedUrn(step));
  const changes = changesOf(isOfProgram ? planned : refreshed);
  const notCompared = live
    .filter((step) => isHeld(step) && step.old && !foundOf(step))
    // With --run-program what the program no longer declares isn't refreshed: its deletion needs no comparison.
    .filter(({ op }) => op !== "delete" || refreshed.length === 0);
  return {
    isOfProgram,
    differences: [
      ...changes
        .filter(isHeld)
        .flatMap((step) => (isOfProgram ? againstProgram(step, foundOf(step)) : sinceUp(step))),
      ...lost.flatMap(sinceUp),
    ],
    others: changes
      .filter((step) => !isHeld(step))
      .map(({ type, urn, op }) => ({ type, name: nameOf(urn), operation: op })),
    compared: refreshed.filter(isHeld).length,
    notCompared: [...new Set(notCompared.map(({ urn }) => nameOf(urn)))],
    counted: Object.entries(run.counted)
      .filter(([operation]) => isChange(operation))
      .reduce((sum, [, count]) => sum + count, 0),
  };
}

/**
 * Whether the program declares in this run. With `--run-program` a refresh runs it too, yet plans nothing but the stack
 * and providers.
 */
function isProgramRun({ refreshed, planned }: LoggedRun): boolean {
  const isDeclared = (step: Step) => isOurs(step) && !isRead(step);
  return refreshed.some(isOurs) ? planned.some(isDeclared) : planned.length > 0;
}

function isRead({ op }: Step): boolean {
  return op.startsWith("read");
}

/** What is only read (`User.get`) is another stack's, or nobody's. */
function isExternal({ old }: Step): boolean {
  return old?.external === true;
}

/** The steps that change something. Of a replacement there are up to three: the first that isn't a deletion tells all. */
function changesOf(steps: Step[]): Step[] {
  const met = new Set<string>();
  return steps.filter(({ op, urn }) => {
    if (!isChange(op) || op === "delete-replaced") return false;
    if (op === "delete") return true;
    if (met.has(urn)) return false;
    met.add(urn);
    return true;
  });
}

/** What waits for its deletion isn't what its URN stands for any more. */
function isLive({ old }: Step): boolean {
  return old?.delete !== true;
}

/** The end of a refresh alone: what was stored, and what was found. */
function sinceUp(step: Step): Difference[] {
  const { old, new: found } = step;
  if (!found) return [{ ...about(step), cause: "drift", ...gone }];
  if (isRotation(step)) return rotationDifferences(step, step, differing(old, found));
  return named(differing(old, found)).map((property) => ({
    ...about(step),
    cause: "drift",
    ...sides(property, old, found),
  }));
}

/** A step of the program after a refresh: what it declares, and what was found; what was stored tells the cause. */
function againstProgram(step: Step, refreshed: Step | undefined): Difference[] {
  const { op, old, new: declared } = step;
  if (op === "delete") {
    const removed = { property: "exists", declared: "no", found: "yes" };
    return [{ ...about(step), cause: "pending", ...removed }];
  }
  if (!old || !declared) {
    const isGone = refreshed !== undefined && !refreshed.new;
    const known = isGone ? about(refreshed) : about(step);
    return [{ ...known, cause: isGone ? "drift" : "pending", ...gone }];
  }
  const moved = refreshed?.new ? differing(refreshed.old, refreshed.new) : [];
  // What follows from a change elsewhere isn't known before it, and may stay as it is.
  const isKnown = (property: string) => !isUnknown(declared.inputs?.[property]);
  const all = differing(declared, old);
  if (isRotation(step)) return rotationDifferences(step, refreshed, all.filter(isKnown));
  return named(all.some(isKnown) ? all.filter(isKnown) : all).map((property) => ({
    ...about(step),
    cause: moved.includes(property) ? "drift" : "pending",
    ...sides(property, declared, old),
  }));
}

const gone = { property: "exists", declared: "yes", found: "no" };

/** Names of the inputs that differ, of those that the cluster can tell. */
function differing(one: LoggedState | null | undefined, other: LoggedState): string[] {
  const [a, b] = [one?.inputs ?? {}, other.inputs ?? {}];
  const isTold = (name: string) =>
    !untold.includes(name) && (name !== "userId" || (name in a && name in b));
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => isTold(name) && !isDeepStrictEqual(a[name], b[name]))
    .sort();
}

/** How a resource is to be handled: nothing of that is on the cluster, and a refresh stores it without. */
const untold = ["__provider", "adopt", "replaceOrder"];

/** A change that the engine sees and no input shows is told all the same. */
function named(properties: string[]): string[] {
  return properties.length === 0 ? ["(not told by the log)"] : properties;
}

function sides(
  property: string,
  declared: LoggedState | null | undefined,
  found: LoggedState,
): Pick<Difference, "property" | "declared" | "found"> {
  if (!shownInputs.includes(property))
    return { property, declared: "(not shown)", found: "(differs)" };
  return {
    property,
    declared: shown(declared?.inputs?.[property]),
    found: shown(found.inputs?.[property]),
  };
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "(none)";
  if (isUnknown(value)) return "(known after up)";
  if (typeof value === "string") return value;
  return typeof value === "boolean" ? String(value) : "(not shown)";
}
