import Table from "cli-table3";
import { adoptLine, removeLine, type Orphan } from "./orphans";
import type { Comparison, Progress, Where } from "./comparison";

/** What is printed of a comparison: a table, and per orphan the lines that adopt and that remove it. */
export function orphansText({ endpoint, users, orphans }: Comparison, where: Where): string {
  const looked = `${users.length} users of ${endpoint} compared with ${stacksOf(where)}`;
  if (orphans.length === 0) return `No orphans: ${looked}.\n`;
  const flags = flagsOf(where);
  const lines = orphans.map((orphan) => {
    const note = noteOf(orphan);
    return [
      `${orphan.kind} ${nameOf(orphan)}${note}`,
      `  adopt:  ${adoptLine(orphan)}`,
      `  remove: ${removeLine(orphan, flags)}`,
    ].join("\n");
  });
  return `${table(orphans)}\n\n${lines.join("\n")}\n\n${orphans.length} orphans: ${looked}.\n`;
}

/** The same for machines. */
export function orphansJson({ endpoint, orphans }: Comparison, where: Where): string {
  const flags = flagsOf(where);
  const listed = orphans.map((orphan) => ({
    ...orphan,
    adopt: adoptLine(orphan),
    remove: removeLine(orphan, flags),
  }));
  return `${JSON.stringify({ endpoint, orphans: listed }, null, 2)}\n`;
}

/** A line on a terminal that rewrites itself; elsewhere nothing. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return () => undefined;
  return (done, all) => {
    stream.write(done === all ? "\r\u001b[K" : `\rreading users: ${done} of ${all}`);
  };
}

/** Names and texts of a foreign server made fit for a terminal. */
export function printable(text: string): string {
  return text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ");
}

function nameOf({ kind, emailAddress, userId, accessKeyIds }: Orphan): string {
  const address = printable(emailAddress);
  return kind === "user" ? `${address} (${userId})` : `${accessKeyIds.join()} of ${address}`;
}

function noteOf({ wasInterrupted, buckets }: Orphan): string {
  const parts = [
    wasInterrupted ? "a run was killed while it was being created" : "",
    buckets.length > 0 ? `owns buckets: ${buckets.map(printable).join(", ")}` : "",
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
    const address = printable(emailAddress);
    rows.push([kind, address, userId, state, accessKeyIds.join(" "), String(buckets.length)]);
  }
  return rows.toString();
}

function stacksOf({ stack }: Where): string {
  if (stack.length === 0) return "the selected stack";
  return stack.length === 1 ? `stack ${stack.join()}` : `stacks ${stack.join(", ")}`;
}

function flagsOf({ stack, endpoint }: Where): string {
  const flags = stack.map((name) => ` --stack ${name}`).join("");
  return endpoint === undefined ? flags : `${flags} --endpoint ${endpoint}`;
}
