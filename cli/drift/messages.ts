import { failure, type Message } from "../../provider/text/message";
import { stackFlag } from "../lines";
import { count } from "../messages";

const preview = (stack: string) => `pulumi preview --refresh${stackFlag(stack)}`;
const loggedPreview = (stack: string) =>
  `PULUMI_DEBUG_COMMANDS=true ${preview(stack)} --event-log <file>`;

export const unreadableLog = (file: string, code: string) =>
  failure(
    "event-log-unreadable",
    `the event log ${file} cannot be read (${code})${code === "ENOENT" ? ": the run did not start; its output shows why" : ""}`,
  );

export const emptyLog = () =>
  failure("event-log-empty", "the event log is empty: the run did not start");

export const jsonOutput = () =>
  failure(
    "not-an-event-log",
    `this is the output of --json, not an event log; run: ${loggedPreview("")}`,
  );

export const notAnEvent = (line: number) =>
  failure(
    "not-an-event-log",
    `line ${line} is not an event of the engine; give the file that pulumi preview --event-log wrote`,
  );

export const otherStack = (logged: string, named: string) =>
  failure("other-stack", `the event log is of stack ${logged}, not of ${named}`);

const incomplete = "the event log is incomplete: the run was interrupted";

export const runInterrupted = (): Message => ({ code: "run-interrupted", text: incomplete });

/** @param reason - what the engine printed; empty if nothing */
export const runFailed = (reason: string, isIncomplete: boolean): Message => ({
  code: "run-failed",
  text: `the run failed${reason === "" ? "" : `: ${reason}`}${isIncomplete ? `; ${incomplete}` : ""}`,
});

export const runChanged = (stack: string): Message => ({
  code: "run-changed",
  text: `the run changed the cluster, and its log contains the differences from before; run: ${loggedPreview(stack)}`,
});

export const notReadFromCluster = (resources: number, stack: string): Message => ({
  code: "not-compared",
  text: `the run did not read ${count(resources, "resource")}${ofStack(stack)} from the cluster; run: ${preview(stack)}`,
});

export const driftUnknown = (reason: string) => `Drift is not known: ${reason}`;

export const driftFound = (differences: number, compared: string) =>
  `Drift: ${count(differences, "difference")}; ${compared}`;

export const changesPending = (compared: string) =>
  `No drift, but the program is not applied yet; ${compared}`;

export const otherChanges = (compared: string) =>
  `No drift of users, keys and buckets, but the run would change something; ${compared}`;

export const noDrift = (compared: string) => `No drift: ${compared}`;

export const comparedResources = (resources: number, stack: string) =>
  `${count(resources, "resource")}${ofStack(stack)} compared with the cluster`;

const ofStack = (stack: string) => (stack === "" ? "" : ` of stack ${stack}`);

export const withoutProgram =
  "The program did not run: what the last pulumi up stored is listed as declared.";

export const repairAppliesProgram =
  "The run that repairs the drift also applies the changes of the program.";

export const otherResources = (resources: number, names: string) =>
  `${count(resources, "resource")} other than users, keys and buckets would change too: ${names}; see the output of the run`;

export const unnamedChanges = (changes: number) =>
  `The engine counts ${count(changes, "change")} that its log does not name; see the output of the run`;

export const userNotFoundNote =
  "A user that someone deleted and re-created is listed as not found: pulumi up refuses to adopt it, and prints the line that adopts it.";

export const bucketNotFoundNote =
  "A bucket that someone re-created, or that has another owner now, is listed as not found: pulumi up creates none; it tracks the bucket of that name, or prints why it cannot.";

export const repair = "To repair it, run:";

export const notApplied = "Declared, and not applied yet";

export const moreRows = (rows: number) =>
  `… and ${rows} more: the page of a job is limited. \`--json\` and plain text list all.`;

export const columns = ["user, key or bucket", "property", "declared", "found"];

/** Values in the table for people, and in JSON for programs: they never change. */
export const values = {
  yes: "yes",
  no: "no",
  none: "(none)",
  unknown: "(known after up)",
  notShown: "(not shown)",
  differs: "(differs)",
  unnamed: "(not told by the log)",
  revoked: "(revoked)",
  changed: "(changed)",
  due: "due",
  notYet: "not yet",
};
