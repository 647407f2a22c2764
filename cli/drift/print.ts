import { bareTable } from "../table";
import { printable, safeJson, stackFlag } from "../lines";
import type { Difference } from "./difference";
import { columns, moreRows, notApplied, repair } from "./messages";
import { worstOf, type Report } from "./report";

/** Bytes of the rows of a table. GitHub accepts 1 MiB for the page of a job, and shows nothing of a longer one. */
const largestTable = 400_000;

/** The report for a terminal, or for the log of a job. */
export function driftText(report: Report): string {
  const { drift, pending, notes } = report;
  const table = (rows: Difference[]) =>
    bareTable(
      columns,
      rows.map((row) => cellsOf(row).map(printable)),
    );
  const parts = [
    printable(titleOf(report)),
    ...(drift.length > 0 ? [table(drift), `${repair} ${repairOf(report)}`] : []),
    ...(pending.length > 0 ? [`${notApplied}:`, table(pending)] : []),
    ...notes.map(printable),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The report for programs. */
export function driftJson(report: Report, indent = 2): string {
  return `${safeJson(withoutCode(report), indent)}\n`;
}

/** The reports of several stacks for programs, with their common result. */
export function reportsJson(reports: readonly Report[], indent = 2): string {
  const all = { result: worstOf(reports), stacks: reports.map(withoutCode) };
  return `${safeJson(all, indent)}\n`;
}

function withoutCode({ code, ...report }: Report): Omit<Report, "code"> {
  return report;
}

/** The report for the page of a job. */
export function driftMarkdown(report: Report): string {
  const { drift, pending, notes } = report;
  const parts = [
    `## ${text(titleOf(report))}`,
    ...(drift.length > 0 ? [...markdownTable(drift), `${repair} ${code(repairOf(report))}`] : []),
    ...(pending.length > 0 ? [`### ${notApplied}`, ...markdownTable(pending)] : []),
    ...notes.map(text),
  ];
  return `${parts.join("\n\n")}\n`;
}

function titleOf({ title, code: reason }: Report): string {
  return reason === undefined ? title : `${title} [${reason}]`;
}

function repairOf({ stack }: Report): string {
  return `pulumi up --refresh${stackFlag(stack)}`;
}

/** The table, and below it how many differences it does not contain. */
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
    [line(columns), line(columns.map(() => "---")), ...rows].join("\n"),
    ...(left > 0 ? [moreRows(left)] : []),
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

/** Text without effect as Markdown: markup, including the bar of the table, becomes an entity. */
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
