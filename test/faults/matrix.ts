import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mark } from "./cell";
import { faults } from "./faults";
import { operations } from "./operations";

/** The marks of an operation and a fault by extent; undefined if the extent does not apply. */
export type Results = ReadonlyMap<string, readonly (Mark | "broken" | undefined)[]>;

const file = join(__dirname, "../../docs/reliability.md");
const begin = "<!-- the matrix, written by MATRIX=write npm run test:faults -->";
const end = "<!-- end of the matrix -->";
const signs = { ok: "✓", again: "↻", named: "⚑", broken: "✗" } as const;

/** The name of a cell. */
export function cellName(operation: string, fault: string): string {
  return `${operation} × ${fault}`;
}

function cell(results: Results, operation: string, fault: string): string {
  const marks = results.get(cellName(operation, fault)) ?? [];
  const text = marks.map((mark) => (mark === undefined ? "" : signs[mark])).join("");
  return text === "" ? "–" : text;
}

/** The matrix for a terminal, with numbered columns to fit its width. */
export function printedMatrix(results: Results): string {
  const columns = faults.map(({ name }, index) => `${String(index + 1).padStart(2)} ${name}`);
  const head = " ".repeat(28) + faults.map((_, index) => String(index + 1).padStart(4)).join("");
  const rows = operations.map(
    ({ name }) =>
      name.padEnd(28) + faults.map((fault) => cell(results, name, fault.name).padStart(4)).join(""),
  );
  return [...columns, "", head, ...rows].join("\n");
}

/** The matrix in docs/reliability.md, formatted as the repository is. */
async function markdownMatrix(results: Results): Promise<string> {
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const rows = [
    row(["", ...faults.map(({ name }) => name)]),
    row(["---", ...faults.map(() => ":-:")]),
    ...operations.map(({ name }) =>
      row([name, ...faults.map((fault) => cell(results, name, fault.name))]),
    ),
  ];
  const { format } = await import("oxfmt");
  return (await format("matrix.md", rows.join("\n"), { printWidth: 120 })).code.trim();
}

/** The matrix in the file and the measured one. `MATRIX=write` writes the latter to the file. */
export async function compareWithFile(results: Results): Promise<{ kept: string; found: string }> {
  const text = readFileSync(file, "utf8");
  const [before = "", rest = ""] = text.split(begin);
  const [kept = "", after = ""] = rest.split(end);
  const found = await markdownMatrix(results);
  if (process.env["MATRIX"] !== "write") return { kept: kept.trim(), found };
  writeFileSync(file, `${before}${begin}\n\n${found}\n\n${end}${after}`);
  return { kept: found, found };
}
