import { isFullName, type Comparison, type Progress } from "./comparison";
import { adoptLines, engineFlags, printable, removeLine, safeJson, type Where } from "./lines";
import type { Orphan } from "./orphans";
import { bareTable } from "./table";

/** Said above the lines that remove. */
const check = `Users and keys of stacks that were not compared are listed too, those of other projects and backends: check before you remove one.`;

/** Releases 2.x show neither states nor flags. */
const withoutFlags = `This service doesn't tell which users are system users: look at a user before you remove it.`;

/** What is printed of a comparison: a table, and per orphan the lines that adopt and that remove it. */
export function orphansText(comparison: Comparison, where: Where): string {
  const { orphans } = comparison;
  if (orphans.length === 0) return `No orphans: ${lookedAt(comparison)}.\n`;
  const lines = withLines(comparison, where).map((orphan) =>
    [
      `${orphan.kind} ${nameOf(orphan)}${noteOf(orphan)}`,
      ...orphan.adopt.map((line) => `  adopt:  ${line}`),
      `  remove: ${orphan.remove}`,
    ].join("\n"),
  );
  const found = orphans.length === 1 ? "1 orphan" : `${orphans.length} orphans`;
  const parts = [
    table(orphans),
    check,
    lines.join("\n"),
    ...adviceFor(orphans, where),
    ...(orphans.some(({ kind, state }) => kind === "user" && state === "") ? [withoutFlags] : []),
    `${found}: ${lookedAt(comparison)}.\n`,
  ];
  return parts.join("\n\n");
}

/** The same for machines. */
export function orphansJson(comparison: Comparison, where: Where): string {
  const { endpoint, stacks, undecided } = comparison;
  const orphans = withLines(comparison, where);
  return `${safeJson({ endpoint, stacks, undecided, orphans }, 2)}\n`;
}

/** Said once, where states say that something is being made. */
function adviceFor(orphans: Orphan[], { cwd }: Where): string[] {
  const stacks = [...new Set(orphans.flatMap(({ interruptedIn }) => interruptedIn))];
  if (stacks.length === 0) return [];
  const lines = stacks.flatMap((stack) => {
    // In this folder the engine takes no stack of another project.
    const isOther = isFullName(stack);
    const [, project = ""] = stack.split("/");
    const at = engineFlags({ cwd: isOther ? "." : cwd, stack }).join(" ");
    return [
      ...(isOther ? [`  # in the folder of project ${printable(project)}`] : []),
      `  pulumi cancel --yes ${at}  # where it is locked`,
      `  pulumi up ${at}`,
      `  pulumi refresh --yes --clear-pending-creates ${at}  # ends the mark`,
    ];
  });
  return [`While a run goes on, wait for it. If none does:\n${lines.join("\n")}`];
}

function withLines({ orphans, names }: Comparison, where: Where) {
  const adopt = adoptLines(orphans, names);
  return orphans.map((orphan, index) => ({
    ...orphan,
    adopt: adopt[index] ?? [],
    remove: removeLine(orphan, where),
  }));
}

/** A line on a terminal that rewrites itself; elsewhere nothing. */
export function progressOn(stream: Terminal): Progress {
  if (!stream.isTTY) return () => undefined;
  return (done, all) => {
    stream.write(done === all ? clear : `\rreading users: ${done} of ${all}`);
  };
}

/** Writes a line in place of one of progress that a failure left on the terminal. */
export function writeLine(stream: Terminal, line: string): void {
  stream.write(`${stream.isTTY ? clear : ""}${line}\n`);
}

type Terminal = Pick<NodeJS.WriteStream, "isTTY" | "write">;

const clear = "\r\u001b[K";

function lookedAt({ endpoint, stacks, users, undecided }: Comparison): string {
  const named = stacks.map(({ name, configuredFor }) => {
    const note = configuredFor === undefined ? "" : ` (configured for ${configuredFor})`;
    return printable(`${name}${note}`);
  });
  const word = stacks.length > 1 ? "stacks" : "stack";
  const counted = users.length === 1 ? "1 user" : `${users.length} users`;
  const unsure =
    undecided.length === 0
      ? ""
      : `; held, as far as a stack that keeps ids secret tells: ${printable(undecided.join(", "))}`;
  return `${counted} of ${endpoint} compared with ${word} ${named.join(", ")}${unsure}`;
}

function nameOf({ kind, emailAddress, userId, accessKeyIds }: Orphan): string {
  const address = emailAddress;
  return printable(
    kind === "user" ? `${address} (${userId})` : `${accessKeyIds.join()} of ${address}`,
  );
}

function noteOf({ kind, interruptedIn, hasHeldKeys, untoldKeys, buckets }: Orphan): string {
  const parts = [
    interruptedIn.length > 0
      ? "was being created when a run was killed, or is being created by one now"
      : "",
    kind === "user" && hasHeldKeys ? "a stack holds a key of it" : "",
    untoldKeys.length > 0
      ? `the service doesn't tell the secret of ${printable(untoldKeys.join(", "))}, which an AccessKey can't adopt without`
      : "",
    buckets.length > 0 ? `owns buckets: ${printable(buckets.join(", "))}` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : `; ${parts.join("; ")}`;
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
