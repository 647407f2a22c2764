import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";

const columns = ["name", "emailAddress", "state", "keys", "rotation"];

const row = z.strictObject({
  name: z.string().regex(/^[\w.-]+$/, "must be one word of letters, digits, _, . and -"),
  emailAddress: z
    .string()
    .max(320, "must be an e-mail address of at most 320 characters")
    .regex(/^[^\s\p{Cc}@]+@[^\s\p{Cc}@]+$/u, "must be an e-mail address"),
  state: z.enum(["enabled", "disabled"], "must be enabled or disabled"),
  keys: z
    .string()
    .transform((text) => text.split(/\s+/).filter((key) => key !== ""))
    .refine((keys) => keys.length <= 2, "must be at most two names")
    .refine((keys) => new Set(keys).size === keys.length, "must be two different names"),
  rotation: z
    .string()
    .regex(/^([1-9]\d{0,3}[mhdw])?$/, "must be a period such as 30d, or empty")
    .transform((every) => (every === "" ? undefined : every)),
});

/** A tenant as its line declares it. */
export type Tenant = z.infer<typeof row>;

/** Reads a file of tenants. Throws one error with all mistakes, by line, before any request is sent. */
export function readTenants(file: string): Tenant[] {
  const { lines, problems } = linesOf(textOf(file));
  const checked = lines.map((each) => ({ ...each, ...row.safeParse(each.record) }));
  const wrong = checked.flatMap(({ line, record, error }) =>
    (error?.issues ?? []).map((issue) => problemOf(line, record, issue)),
  );
  const all = [...problems, ...wrong, ...problemsOfAll(lines)];
  if (all.length === 0) return checked.flatMap(({ data }) => data ?? []);
  const texts = all
    .sort((one, other) => one.line - other.line)
    .map(({ line, problem }) => `\n  line ${line}: ${printable(problem)}`);
  throw new RunError(
    `${basename(file)}: ${all.length} ${all.length === 1 ? "error" : "errors"}, nothing was changed:${texts.join("")}`,
  );
}

interface Line {
  line: number;
  record: Record<string, string>;
}

interface Problem {
  line: number;
  problem: string;
}

function textOf(file: string): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
    return text.replace(/\r\n?/g, "\n");
  } catch (error) {
    const reason = error instanceof TypeError ? "it is not UTF-8" : String(error);
    throw new RunError(`read tenants from ${file}: ${reason}; nothing was changed`);
  }
}

/** The rows of a table. Columns may be in any order and case; other columns are ignored. */
function linesOf(text: string): { lines: Line[]; problems: Problem[] } {
  // Some tools write this line for Excel, which reads the separator from it.
  const [, start = ""] = /^("?sep=."?\n)/i.exec(text) ?? [];
  const before = start === "" ? 0 : 1;
  const [header = ""] = text.slice(start.length).split("\n", 1);
  const table = tableOf(header);
  if (!table) {
    const problem = `must name the columns ${columns.join(",")}, is ${header}`;
    return { lines: [], problems: [{ line: before + 1, problem }] };
  }
  const rows = rowsOf(text.slice(start.length), table.delimiter);
  const lines: Line[] = [];
  const problems: Problem[] = [];
  for (const { line: own, values, problem } of rows) {
    const line = own + before;
    const problemOfRow = problem ?? problemOfValues(values, table.names);
    if (problemOfRow !== undefined) problems.push({ line, problem: problemOfRow });
    else lines.push({ line, record: recordOf(values, table.names) });
  }
  return { lines, problems };
}

interface Row {
  line: number;
  values: string[];
  problem?: string;
}

const options = { trim: true, skip_empty_lines: true, relax_column_count: true } as const;

/** Finds the separator that yields all columns. It depends on the language of the spreadsheet. */
function tableOf(header: string): { delimiter: string; names: string[] } | undefined {
  for (const delimiter of [",", ";", "\t"]) {
    const [names = []] = attempt(() => parse(header, { ...options, delimiter })) ?? [];
    const known = names.map((name) => columns.find((column) => bare(column) === bare(name)) ?? "");
    const isWhole = columns.every((column) => known.filter((name) => name === column).length === 1);
    if (isWhole) return { delimiter, names: known };
  }
  return undefined;
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}

function rowsOf(text: string, delimiter: string): Row[] {
  const all = { ...options, delimiter, info: true, from: 2, skip_records_with_empty_values: true };
  const whole = attempt(
    () => parse(text, all) as unknown as { record: string[]; info: { lines: number } }[],
  );
  if (whole)
    return whole.map(({ record, info }) => ({ line: firstLine(record, info), values: record }));
  // Line by line: a missing quote in one line must not hide the mistakes in the following lines.
  return text.split("\n").flatMap((line, index): Row[] => {
    if (index === 0) return [];
    try {
      const [values] = parse(line, { ...options, delimiter, skip_records_with_empty_values: true });
      return values ? [{ line: index + 1, values }] : [];
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      return [{ line: index + 1, values: [], problem: error.message.replace(/ at line \d+/, "") }];
    }
  });
}

/** The parser returns the last line of a row; ignored cells may contain line breaks. */
function firstLine(values: string[], { lines }: { lines: number }): number {
  return lines - values.join("").split("\n").length + 1;
}

function problemOfValues(values: string[], names: string[]): string | undefined {
  if (values.length !== names.length) {
    return `must have ${names.length} columns, has ${values.length}`;
  }
  const broken = names.find((name, index) => name !== "" && values[index]?.includes("\n"));
  return broken === undefined ? undefined : `${broken} must not contain a line break`;
}

function recordOf(values: string[], names: string[]): Line["record"] {
  return Object.fromEntries(columns.map((name) => [name, values[names.indexOf(name)] ?? ""]));
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

function problemOf(line: number, record: Line["record"], issue: z.core.$ZodIssue): Problem {
  const column = String(issue.path[0]);
  return { line, problem: `${column} ${issue.message}, is "${record[column] ?? ""}"` };
}

/** Removes control characters and shortens the text, because the file may contain anything. */
function printable(problem: string): string {
  const text = problem.replace(/[\p{Cc}\p{Cf}]/gu, "\uFFFD");
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/**
 * Finds lines that declare the same tenant, or keys of the same name in the stack. Includes lines with other mistakes.
 */
function problemsOfAll(lines: Line[]): Problem[] {
  const seen = new Map<string, number>();
  return lines.flatMap(({ line, record }) => {
    const { name = "", emailAddress = "", keys = "", rotation = "" } = record;
    const names = [...new Set(keys.split(/\s+/).filter((key) => key !== ""))];
    const values = [
      ...(name === "" ? [] : [`name ${name}`]),
      ...(emailAddress === "" ? [] : [`emailAddress ${emailAddress.toLowerCase()}`]),
      // The name of a key in the stack is <tenant>-<key>, and the name of a tenant may contain a - too.
      ...(seen.has(`name ${name}`) ? [] : names.map((key) => `key ${name}-${key}`)),
    ];
    const problems = values.flatMap((value) => {
      const first = seen.get(value);
      if (first === undefined) seen.set(value, line);
      return first === undefined ? [] : [`${value} is already in line ${first}`];
    });
    if (names.length > 0 && rotation !== "") {
      problems.push("keys or rotation, not both: a user can have at most two keys");
    }
    return problems.map((problem) => ({ line, problem }));
  });
}
