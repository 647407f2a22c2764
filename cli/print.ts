import type { Message } from "../provider/text/message";
import { isFullName, type Comparison, type Progress } from "./comparison";
import {
  adoptLines,
  engineFlags,
  printable,
  removeLine,
  safeJson,
  type StackOptions,
} from "./lines";
import {
  checkBeforeRemoving,
  comparedWith,
  finishRunOf,
  finishRuns,
  inFolderOf,
  noOrphans,
  noteBeingCreated,
  noteBuckets,
  noteKeyInStack,
  noteWithoutSecret,
  orphansFound,
  readingUsers,
  withoutFlags,
} from "./messages";
import type { Orphan } from "./orphans";
import { bareTable } from "./table";

/** Prints a comparison: a table, and for each orphan the lines that adopt it and the command that removes it. */
export function orphansText(comparison: Comparison, options: StackOptions): string {
  const { orphans, users, endpoint, stacks, undecided } = comparison;
  const compared = printable(comparedWith(users.length, endpoint, stacks, undecided));
  if (orphans.length === 0) return `${noOrphans(compared)}\n`;
  const adopt = adoptLines(comparison);
  const lines = orphans.map((orphan, index) =>
    [
      `${orphan.kind} ${nameOf(orphan)}${notesOf(orphan)}`,
      ...(adopt[index] ?? []).map((line) => `  adopt:  ${line}`),
      `  remove: ${removeLine(orphan, options)}`,
    ].join("\n"),
  );
  const parts = [
    table(orphans),
    checkBeforeRemoving,
    lines.join("\n"),
    ...adviceFor(orphans, options),
    ...(orphans.some(({ kind, state }) => kind === "user" && state === "") ? [withoutFlags] : []),
    `${orphansFound(orphans.length, compared)}\n`,
  ];
  return parts.join("\n\n");
}

/** The same for programs. */
export function orphansJson(comparison: Comparison, options: StackOptions): string {
  const { endpoint, stacks, undecided, orphans } = comparison;
  const adopt = adoptLines(comparison);
  const listed = orphans.map((orphan, index) => ({
    ...inJson(orphan),
    adopt: adopt[index] ?? [],
    remove: removeLine(orphan, options),
  }));
  return `${safeJson({ endpoint, stacks, undecided, orphans: listed }, 2)}\n`;
}

/** The names of these properties are the interface of programs. */
function inJson(orphan: Orphan) {
  const { kind, emailAddress, userId, state, buckets, accessKeyIds, userResource } = orphan;
  return {
    ...{ kind, emailAddress, userId, state, buckets },
    hasHeldKeys: orphan.hasKeysInStacks,
    interruptedIn: orphan.beingCreatedIn,
    ...(userResource && { heldBy: userResource }),
    accessKeyIds,
    untoldKeys: orphan.keysWithoutSecret,
  };
}

/** Printed once if a state contains something that is being created. */
function adviceFor(orphans: Orphan[], { cwd }: StackOptions): string[] {
  const stacks = [...new Set(orphans.flatMap(({ beingCreatedIn }) => beingCreatedIn))];
  if (stacks.length === 0) return [];
  const lines = stacks.flatMap((stack) => {
    // The engine accepts a stack of another project only in that project's folder.
    const isOther = isFullName(stack);
    const [, project = ""] = stack.split("/");
    const at = engineFlags({ cwd: isOther ? "." : cwd, stack }).join(" ");
    return [...(isOther ? [inFolderOf(printable(project))] : []), ...finishRunOf(at)];
  });
  return [finishRuns(lines)];
}

/** Progress on one line of a terminal; nothing elsewhere. */
export function progressOn(stream: Terminal): Progress {
  if (!stream.isTTY) return () => undefined;
  return (done, all) => {
    stream.write(done === all ? clear : `\r${readingUsers(done, all)}`);
  };
}

/** Writes a line in place of a line of progress that a failure left on the terminal. */
export function writeLine(stream: Terminal, line: string): void {
  stream.write(`${stream.isTTY ? clear : ""}${line}\n`);
}

/** A message as one line of standard error, with its code in brackets. */
export function messageLine({ text, code }: Message): string {
  return `pulumi-ostor: ${printable(text)} [${code}]\n`;
}

type Terminal = Pick<NodeJS.WriteStream, "isTTY" | "write">;

const clear = "\r\u001b[K";

function nameOf({ kind, emailAddress, userId, accessKeyIds }: Orphan): string {
  return printable(
    kind === "user" ? `${emailAddress} (${userId})` : `${accessKeyIds.join()} of ${emailAddress}`,
  );
}

function notesOf(orphan: Orphan): string {
  const { kind, beingCreatedIn, hasKeysInStacks, keysWithoutSecret, buckets } = orphan;
  const notes = [
    ...(beingCreatedIn.length > 0 ? [noteBeingCreated] : []),
    ...(kind === "user" && hasKeysInStacks ? [noteKeyInStack] : []),
    ...(keysWithoutSecret.length > 0 ? [noteWithoutSecret(keysWithoutSecret)] : []),
    ...(buckets.length > 0 ? [noteBuckets(buckets)] : []),
  ];
  return notes.map((note) => `; ${printable(note)}`).join("");
}

function table(orphans: Orphan[]): string {
  return bareTable(
    ["kind", "address", "user id", "state", "keys", "buckets"],
    orphans.map(({ kind, emailAddress, userId, state, accessKeyIds, buckets }) => {
      const cells = [kind, emailAddress, userId, state, accessKeyIds.join(" ")];
      return [...cells.map(printable), String(buckets.length)];
    }),
  );
}
