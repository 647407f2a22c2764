// @ts-check

/** @typedef {{ inputs?: Record<string, unknown> }} State */
/** @typedef {{ op: string, urn: string, type: string, old?: State, new?: State }} Step */

/** @type {Record<string, string>} */
const DONE = { create: "+ created", update: "~ updated", delete: "- deleted" };
const OSTOR_TYPE = "pulumi-nodejs:dynamic/ostor:";

/**
 * Lists what the engine changed in the last run of an event log, which ended without an error.
 * @param {string} log One JSON event per line, as `--event-log` writes it.
 * @returns {string[]} A line for each update, and one for all creations and deletions of a type.
 */
export function findingsIn(log) {
  const events = log
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  // `up` writes its preview to the same log.
  const start = events.map(({ preludeEvent }) => preludeEvent !== undefined).lastIndexOf(true);
  const run = events.slice(Math.max(start, 0));
  const steps = run.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []);
  const changes = changesIn(steps);
  return changes.length === 0 ? ["no changes"] : [...changes, ...notesIn(run)];
}

/** @param {Step[]} steps */
function changesIn(steps) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const step of steps) {
    const done = DONE[step.op];
    if (done === undefined || !step.type.startsWith(OSTOR_TYPE)) continue;
    const group = `${done}  ${step.type.slice(OSTOR_TYPE.length)}`;
    groups.set(group, [...(groups.get(group) ?? []), nameOf(step) + differencesIn(step)]);
  }
  return [...groups].map(([group, names]) => `${group} ${names.sort().join(", ")}`);
}

/** @param {Step} step */
function nameOf({ urn }) {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/**
 * The inputs that an update changes. The engine hides secrets in its log.
 * @param {Step} step
 */
function differencesIn({ op, old, new: declared }) {
  if (op !== "update") return "";
  const lines = Object.entries(declared?.inputs ?? {}).flatMap(([property, value]) => {
    const [before, after] = [JSON.stringify(old?.inputs?.[property]), JSON.stringify(value)];
    return before === after ? [] : [`${property} ${before} => ${after}`];
  });
  return `: ${lines.join(", ")}`;
}

/** @param {{ diagnosticEvent?: { severity: string, message: string } }[]} run */
function notesIn(run) {
  return run.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent === undefined || diagnosticEvent.severity === "debug"
      ? []
      : [diagnosticEvent.message.replace(/<\{%[^%]*%\}>/g, "").trim()],
  );
}
