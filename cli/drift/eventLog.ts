import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { PlainError } from "../pulumi";

const bag = z.record(z.string(), z.unknown()).nullish();
const state = z
  .looseObject({
    urn: z.string().nullish(),
    id: z.string().nullish(),
    delete: z.boolean().nullish(),
    external: z.boolean().nullish(),
    inputs: bag,
    outputs: bag,
  })
  .nullish();
const step = z.looseObject({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  old: state,
  new: state,
});
const stepEvent = z.looseObject({ metadata: step });
const event = z.looseObject({
  sequence: z.number(),
  preludeEvent: z.looseObject({}).optional(),
  resourcePreEvent: stepEvent.optional(),
  resOutputsEvent: stepEvent.optional(),
  diagnosticEvent: z.looseObject({ severity: z.string(), message: z.string() }).optional(),
  summaryEvent: z
    .looseObject({
      isPreview: z.boolean().optional(),
      result: z.string().optional(),
      resourceChanges: z.record(z.string(), z.number()).nullish(),
    })
    .optional(),
});

type Event = z.infer<typeof event>;

/** A resource as the engine's log shows it: secrets are blotted out by the engine. */
export type LoggedState = NonNullable<z.infer<typeof state>>;

/** What the engine did with a resource, or would do: `old` is what is stored, `new` what comes of it. */
export type Step = z.infer<typeof step>;

/** What the log of one run tells. */
export interface LoggedRun {
  stack: string;
  project: string;
  /** Steps of the refresh as they ended: `new` is what the cluster tells, absent for what is gone. */
  refreshed: Step[];
  /** Steps of the program; none in the log of `pulumi refresh`. */
  planned: Step[];
  /** How many changes the engine counted, by its name of the operation. */
  counted: Record<string, number>;
  /** Whether the run was to change what differs, as `up` and `destroy` do, not to preview it. */
  isApplied: boolean;
  /** Why the run doesn't tell whether there is drift, if it doesn't. */
  failure: string | undefined;
}

/**
 * Reads an event log of the engine, one JSON per line, as `--event-log` writes it. Of several runs in it the last one
 * counts.
 *
 * @throws PlainError for a text that is no event log
 */
export function readEventLog(text: string): LoggedRun {
  if (text.trim() === "") throw new PlainError("the event log is empty: the run never began");
  const { events, isCut } = eventsIn(text);
  const last = events.map(({ preludeEvent }) => preludeEvent !== undefined).lastIndexOf(true);
  const run = events.slice(Math.max(0, last));
  const { refreshed, planned } = stepsOf(run);
  const [, stack = "", project = ""] =
    /^urn:pulumi:(.*?)::(.*?)::/.exec([...refreshed, ...planned][0]?.urn ?? "") ?? [];
  const summary = run.find(({ summaryEvent }) => summaryEvent)?.summaryEvent;
  const why = isCut || !summary ? "the event log ends in the middle: the run was cut off" : "";
  const failure = summary?.result === "succeeded" ? why : failureOf(run, why);
  return {
    ...{ stack, project, refreshed, planned },
    counted: summary?.resourceChanges ?? {},
    isApplied: summary?.isPreview === false,
    failure: failure === "" ? undefined : failure,
  };
}

/** The last line may be cut: the run was killed while it wrote. Any other line that is no event tells a wrong file. */
function eventsIn(text: string): { events: Event[]; isCut: boolean } {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const events: Event[] = [];
  for (const [index, line] of lines.entries()) {
    const read = eventIn(line);
    if (read) events.push(read);
    else if (index === lines.length - 1 && index > 0) return { events, isCut: true };
    else throw new PlainError(noEvent(text, index + 1));
  }
  return { events, isCut: false };
}

function eventIn(line: string): Event | undefined {
  try {
    return event.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function noEvent(text: string, line: number): string {
  return /^\s*\{\s*"(config|steps)":/.test(text)
    ? "this is the digest of --json, not an event log; run: PULUMI_DEBUG_COMMANDS=true pulumi preview --refresh --event-log <file>"
    : `line ${line} is no event of the engine; is this the file that pulumi preview --event-log wrote?`;
}

/** A step that follows a `refresh` of the same resource is how that ended, whatever it is called. */
function stepsOf(run: Event[]): Pick<LoggedRun, "refreshed" | "planned"> {
  const refreshing = new Set<string>();
  const refreshed: Step[] = [];
  const planned: Step[] = [];
  for (const { resourcePreEvent, resOutputsEvent } of run) {
    const begun = resourcePreEvent?.metadata;
    const ended = resOutputsEvent?.metadata;
    if (begun?.op === "refresh") refreshing.add(keyOf(begun));
    else if (begun) planned.push(begun);
    if (ended && refreshing.delete(keyOf(ended))) refreshed.push(ended);
  }
  return { refreshed, planned };
}

/** What waits for its deletion has the URN of what came instead. */
function keyOf({ urn, old }: Step): string {
  return `${urn} ${old?.delete === true ? (old.id ?? "") : ""}`;
}

function failureOf(run: Event[], otherwise: string): string {
  const errors = run.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === "error" ? [diagnosticEvent] : [],
  );
  const told = errors.find((each) => "urn" in each) ?? errors[0];
  const [before = ""] = stripVTControlCharacters(told?.message ?? "").split(/\n\s+at /);
  const message = before.replace(/^\w[\w ]* failed: /, "").trim();
  return `the run failed${message === "" ? "" : `: ${message}`}${otherwise === "" ? "" : `; ${otherwise}`}`;
}
