import { bareTable } from "../table";
import { printable, safeJson, stackFlag } from "../lines";
import type { Difference } from "./difference";
import type { Report } from "./report";

const head = ["user, key or bucket", "property", "declared", "found"];
const later = "Declared, and not applied yet";

/** Bytes of the rows of a table. GitHub takes 1 MiB for the page of a job, and shows nothing of what is longer. */
const largestTable = 400_000;

/** What a person at a terminal, or in the log of a job, reads. */
export function driftText(report: Report): string {
  const { drift, pending, notes } = report;
  const table = (rows: Difference[]) =>
    bareTable(
      head,
      rows.map((row) => cellsOf(row).map(printable)),
    );
  const parts = [
    printable(report.title),
    ...(drift.length > 0 ? [table(drift), `It is repaired by: ${repairOf(report)}`] : []),
    ...(pending.length > 0 ? [`${later}:`, table(pending)] : []),
    ...notes.map(printable),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The same for machines. */
export function driftJson(report: Report): string {
  return `${safeJson(report, 2)}\n`;
}

/** The same for the page of a job. */
export function driftMarkdown(report: Report): string {
  const { drift, pending, notes } = report;
  const parts = [
    `## ${text(report.title)}`,
    ...(drift.length > 0
      ? [...markdownTable(drift), `It is repaired by: ${code(repairOf(report))}`]
      : []),
    ...(pending.length > 0 ? [`### ${later}`, ...markdownTable(pending)] : []),
    ...notes.map(text),
  ];
  return `${parts.join("\n\n")}\n`;
}

function repairOf({ stack }: Report): string {
  return `pulumi up --refresh${stackFlag(stack)}`;
}

/** The table, and below it how many differences have no place in it. */
function markdownTable(differences: Difference[]): string[] {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const rows: string[] = [];
  let bytes = 0;
  for (const difference of differences) {
    const row = line(cellsOf(difference).map(code));
    bytes += Buffer.byteLength(row);
    if (bytes > largestTable) break;
    rows.push(row);
  }
  const left = differences.length - rows.length;
  return [
    [line(head), line(head.map(() => "---")), ...rows].join("\n"),
    ...(left > 0
      ? [`… and ${left} more: a page takes no more. \`--json\` and plain text have all.`]
      : []),
  ];
}

function cellsOf({ kind, name, user, id, property, declared, found }: Difference): string[] {
  const what =
    kind === "user"
      ? `user ${user ?? name}`
      : kind === "bucket"
        ? `bucket ${id ?? name}`
        : `key ${id ?? name}${user === undefined ? "" : ` of ${user}`}`;
  return [what, property, declared, found];
}

/** Shown as it is: what would be markup, the bar of the table too, is spelt as an entity. */
function code(cell: string): string {
  const shown = printable(cell);
  return /^[\w@.+:/() -]+$/.test(shown) ? `\`${shown}\`` : text(shown);
}

function text(line: string): string {
  return printable(line).replace(
    /[^\p{L}\p{N} .,;:()/'"+@=-]/gu,
    (letter) => `&#${letter.codePointAt(0) ?? 32};`,
  );
}
