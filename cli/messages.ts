import { failure, type Message } from "../provider/text/message";

export const folderNotFound = (folder: string) =>
  failure("folder-not-found", `--cwd ${folder}: the folder does not exist`);

export const noPulumi = (attempt: string, folders: number) =>
  failure(
    "no-pulumi",
    `${attempt}: pulumi is in none of the ${folders} folders of PATH; install the Pulumi CLI`,
  );

export const pulumiFailed = (attempt: string, reason: string) =>
  failure("pulumi-failed", `${attempt}: ${reason}`);

export const unexpectedOutput = (attempt: string, expected: string) =>
  failure(
    "unexpected-output",
    `${attempt}: the output of pulumi is not ${expected}; check which pulumi is on PATH`,
  );

/** What the command attempts. */
export const exportOf = (stack: string) => `export the state of ${stackOrSelected(stack)}`;

export const configurationOf = (stack: string) =>
  `read the configuration of ${stackOrSelected(stack)}`;

/** @param stack - its name; empty for the selected stack */
export const stackOrSelected = (stack: string) =>
  stack === "" ? "the selected stack" : `stack ${stack}`;

export const noStacks = () =>
  failure("no-stacks", "list the stacks of the project: the project has no stack");

export const noStackSelected = "no stack is selected";

export const userNotFound = (attempt: string) =>
  failure("user-not-found", `${attempt}: the user does not exist on the cluster`);

export const keyNotFound = (attempt: string) =>
  failure("key-not-found", `${attempt}: no user of the cluster has this key`);

export const inStack = (attempt: string) =>
  failure("in-stack", `${attempt}: it is in a stack; remove it from the program of that stack`);

export const keyInStack = (attempt: string, emailAddress: string) =>
  failure(
    "in-stack",
    `${attempt}: a key of ${emailAddress} is in a stack; remove the key from the program of that stack; if the cluster has no such key any more, run: pulumi refresh`,
  );

export const ownsBuckets = (attempt: string, emailAddress: string, buckets: readonly string[]) =>
  failure(
    "buckets-exist",
    `${attempt}: ${emailAddress} owns buckets (${buckets.join(", ")}); empty and delete them first`,
  );

export const beingCreated = (attempt: string, stacks: readonly string[]) =>
  failure(
    "being-created",
    `${attempt}: it is being created, by the state of ${stackList(stacks)}; if no run is in progress, add --after-kill`,
  );

/** @param problem - what commander found wrong with the command line */
export const wrongUsage = (problem: string): Message => ({
  code: "wrong-usage",
  text: `${problem}; --help lists commands and flags`,
});

export const deletedUser = (emailAddress: string, userId: string) =>
  `deleted user ${emailAddress} (${userId})`;

export const revokedKey = (id: string, emailAddress: string) =>
  `revoked key ${id} of user ${emailAddress}`;

export const readingUsers = (done: number, all: number) => `reading users: ${done} of ${all}`;

/** Printed above the commands that remove orphans. */
export const checkBeforeRemoving =
  "Users and keys of stacks that were not compared are listed too, those of other projects and backends: check before you remove one.";

/** Releases 2.x return neither states nor flags. */
export const withoutFlags =
  "This service does not return which users are system users: check a user before you remove it.";

export const orphansFound = (orphans: number, compared: string) =>
  `${count(orphans, "orphan")}: ${compared}.`;

export const noOrphans = (compared: string) => `No orphans: ${compared}.`;

/** What was compared with what. */
export function comparedWith(
  users: number,
  endpoint: string,
  stacks: readonly { name: string; configuredFor: string | undefined }[],
  undecided: readonly string[],
): string {
  const names = stacks.map(({ name, configuredFor }) =>
    configuredFor === undefined ? name : `${name} (configured for ${configuredFor})`,
  );
  const secret =
    undecided.length === 0
      ? ""
      : `; counted as in a stack, because a stack keeps their ids secret: ${undecided.join(", ")}`;
  return `${count(users, "user")} of ${endpoint} compared with ${stackList(names)}${secret}`;
}

export const noteBeingCreated =
  "was being created when a run was interrupted, or is being created now";

export const noteKeyInStack = "a key of it is in a stack";

export const noteWithoutSecret = (ids: readonly string[]) =>
  `the service does not return the secret of ${ids.join(", ")}, which an AccessKey needs`;

export const noteBuckets = (names: readonly string[]) => `owns buckets: ${names.join(", ")}`;

/** How to finish interrupted runs. */
export const finishRuns = (lines: readonly string[]) =>
  `If a run is in progress, wait for it. Otherwise:\n${lines.join("\n")}`;

export const inFolderOf = (project: string) => `  # in the folder of project ${project}`;

export const finishRunOf = (at: string) => [
  `  pulumi cancel --yes ${at}  # if the stack is locked`,
  `  pulumi up ${at}`,
  `  pulumi refresh --yes --clear-pending-creates ${at}  # removes the mark`,
];

/** A number of things, for a sentence. */
export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

function stackList(names: readonly string[]): string {
  return `${names.length > 1 ? "stacks" : "stack"} ${names.join(", ")}`;
}
