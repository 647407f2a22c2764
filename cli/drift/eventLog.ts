import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import type { Message } from "../../provider/text/message";
import { emptyLog, jsonOutput, notAnEvent, runFailed, runInterrupted } from "./messages";

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

/** A resource in the engine's log. The engine hides secrets. */
export type LoggedState = NonNullable<z.infer<typeof state>>;

/** What the engine did with a resource, or would do: `old` is the stored state, `new` the result. */
export type Step = z.infer<typeof step>;

/** The log of one run. */
export interface LoggedRun {
  stack: string;
  project: string;
  /** Finished steps of the refresh: `new` is what the cluster returned, absent if the resource does not exist any more. */
  refreshed: Step[];
  /** Steps of the program; none in the log of `pulumi refresh`. */
  planned: Step[];
  /** How many changes the engine counted, by operation. */
  counted: Record<string, number>;
  /** Whether the run made changes, as `up` and `destroy` do, and was not a preview. */
  isApplied: boolean;
  /** Why the run does not show whether there is drift, if it does not. */
  failure: Message | undefined;
}

/**
 * Reads an event log of the engine, one JSON object per line, as `--event-log` writes it. If it contains several runs,
 * the last one counts.
 *
 * @throws CodedError for a text that is not an event log
 */
export function readEventLog(text: string): LoggedRun {
  if (text.trim() === "") throw emptyLog();
  const { events, isIncomplete } = eventsIn(text);
  const last = events.map(({ preludeEvent }) => preludeEvent !== undefined).lastIndexOf(true);
  const run = events.slice(Math.max(0, last));
  const { refreshed, planned } = stepsOf(run);
  const [, stack = "", project = ""] =
    /^urn:pulumi:(.*?)::(.*?)::/.exec([...refreshed, ...planned][0]?.urn ?? "") ?? [];
  const summary = run.find(({ summaryEvent }) => summaryEvent)?.summaryEvent;
  return {
    ...{ stack, project, refreshed, planned },
    counted: summary?.resourceChanges ?? {},
    isApplied: summary?.isPreview === false,
    failure: failureOf(run, summary?.result === "succeeded", isIncomplete || !summary),
  };
}

/** A run that is killed may leave half a line at the end. Any other line that is not an event means a wrong file. */
function eventsIn(text: string): { events: Event[]; isIncomplete: boolean } {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const events: Event[] = [];
  for (const [index, line] of lines.entries()) {
    const read = eventIn(line);
    if (read) events.push(read);
    else if (index === lines.length - 1 && index > 0) return { events, isIncomplete: true };
    else throw isJsonOutput(text) ? jsonOutput() : notAnEvent(index + 1);
  }
  return { events, isIncomplete: false };
}

function eventIn(line: string): Event | undefined {
  try {
    return event.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** Whether a text is what `pulumi preview --json` prints. */
function isJsonOutput(text: string): boolean {
  return /^\s*\{\s*"(config|steps)":/.test(text);
}

/** A step that follows a `refresh` of the same resource is its end, whatever its operation is. */
function stepsOf(run: Event[]): Pick<LoggedRun, "refreshed" | "planned"> {
  const refreshing = new Set<string>();
  const refreshed: Step[] = [];
  const planned: Step[] = [];
  for (const { resourcePreEvent, resOutputsEvent } of run) {
    const started = resourcePreEvent?.metadata;
    const ended = resOutputsEvent?.metadata;
    if (started?.op === "refresh") refreshing.add(keyOf(started));
    else if (started) planned.push(started);
    if (ended && refreshing.delete(keyOf(ended))) refreshed.push(ended);
  }
  return { refreshed, planned };
}

/** A resource whose deletion is pending has the URN of its replacement. */
function keyOf({ urn, old }: Step): string {
  return `${urn} ${old?.delete === true ? (old.id ?? "") : ""}`;
}

function failureOf(
  run: Event[],
  hasSucceeded: boolean,
  isIncomplete: boolean,
): Message | undefined {
  if (hasSucceeded) return isIncomplete ? runInterrupted() : undefined;
  const errors = run.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === "error" ? [diagnosticEvent] : [],
  );
  const error = errors.find((each) => "urn" in each) ?? errors[0];
  const [withoutTrace = ""] = stripVTControlCharacters(error?.message ?? "").split(/\n\s+at /);
  const reason = withoutTrace.replace(/^\w[\w ]* failed: /, "").trim();
  return isIncomplete && reason === "" ? runInterrupted() : runFailed(reason, isIncomplete);
}
