import Table from "cli-table3";
import type { Comparison, Progress } from "./comparison";
import { adoptLines, printable, removeLine, type Where } from "./lines";
import type { Orphan } from "./orphans";

/** What is printed of a comparison: a table, and per orphan the lines that adopt and that remove it. */
export function orphansText(comparison: Comparison, where: Where): string {
  const { orphans } = comparison;
  if (orphans.length === 0) return `No orphans: ${lookedAt(comparison)}.\n`;
  const adopt = adoptLines(orphans, comparison.names);
  const lines = orphans.map((orphan, index) =>
    [
      `${orphan.kind} ${nameOf(orphan)}${noteOf(orphan)}`,
      ...(adopt[index] ?? []).map((line) => `  adopt:  ${line}`),
      `  remove: ${removeLine(orphan, where)}`,
    ].join("\n"),
  );
  const found = orphans.length === 1 ? "1 orphan" : `${orphans.length} orphans`;
  return `${table(orphans)}\n\n${lines.join("\n")}\n\n${found}: ${lookedAt(comparison)}.\n`;
}

/** The same for machines. */
export function orphansJson(comparison: Comparison, where: Where): string {
  const { endpoint, stacks, orphans } = comparison;
  const adopt = adoptLines(orphans, comparison.names);
  const listed = orphans.map((orphan, index) => ({
    ...orphan,
    adopt: adopt[index],
    remove: removeLine(orphan, where),
  }));
  return `${JSON.stringify({ endpoint, stacks, orphans: listed }, null, 2)}\n`;
}

/** A line on a terminal that rewrites itself; elsewhere nothing. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return () => undefined;
  return (done, all) => {
    stream.write(done === all ? "\r\u001b[K" : `\rreading users: ${done} of ${all}`);
  };
}

function lookedAt({ endpoint, stacks, users }: Comparison): string {
  const named = stacks.map(({ name, configuredFor }) => {
    const note = configuredFor === undefined ? "" : ` (configured for ${configuredFor})`;
    return printable(`${name ?? "the selected stack"}${note}`);
  });
  const [first = ""] = stacks.map(({ name }) => name ?? "");
  const word = stacks.length > 1 ? "stacks " : first === "" ? "" : "stack ";
  const counted = users.length === 1 ? "1 user" : `${users.length} users`;
  return `${counted} of ${endpoint} compared with ${word}${named.join(", ")}`;
}

function nameOf({ kind, emailAddress, userId, accessKeyIds }: Orphan): string {
  const address = emailAddress;
  return printable(
    kind === "user" ? `${address} (${userId})` : `${accessKeyIds.join()} of ${address}`,
  );
}

function noteOf({ wasInterrupted, buckets }: Orphan): string {
  const parts = [
    wasInterrupted ? "was being created when a run was killed, or is by one that goes on" : "",
    buckets.length > 0 ? `owns buckets: ${printable(buckets.join(", "))}` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : `; ${parts.join("; ")}`;
}

function table(orphans: Orphan[]): string {
  const bare = Object.fromEntries(
    "top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid"
      .split(" ")
      .map((name) => [name, ""]),
  );
  const rows = new Table({
    head: ["kind", "address", "user id", "state", "keys", "buckets"],
    chars: { ...bare, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const { kind, emailAddress, userId, state, accessKeyIds, buckets } of orphans) {
    const cells = [kind, emailAddress, userId, state, accessKeyIds.join(" ")];
    rows.push([...cells.map(printable), String(buckets.length)]);
  }
  return rows.toString();
}
