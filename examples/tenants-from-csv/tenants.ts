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
    .refine((keys) => keys.length <= 2, "must be two names at the most")
    .refine((keys) => new Set(keys).size === keys.length, "must be two different names"),
  rotation: z
    .string()
    .regex(/^([1-9]\d{0,3}[mhdw])?$/, "must be a period such as 30d, or empty")
    .transform((every) => (every === "" ? undefined : every)),
});

/** A tenant as its line declares it. */
export type Tenant = z.infer<typeof row>;

/** Reads a file of tenants. All that is wrong with it is told at once, line by line: then nothing is sent. */
export function readTenants(file: string): Tenant[] {
  const { lines, problems } = linesOf(textOf(file));
  const checked = lines.map((each) => ({ ...each, ...row.safeParse(each.record) }));
  const wrong = checked.flatMap(({ line, record, error }) =>
    (error?.issues ?? []).map((issue) => told(line, record, issue)),
  );
  const all = [...problems, ...wrong, ...problemsOfAll(lines)];
  if (all.length === 0) return checked.flatMap(({ data }) => data ?? []);
  const texts = all
    .sort((one, other) => one.line - other.line)
    .map(({ line, problem }) => `\n  line ${line}: ${shown(problem)}`);
  throw new RunError(
    `${basename(file)}: ${all.length} wrong, nothing was changed:${texts.join("")}`,
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
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const reason = error instanceof TypeError ? "it is not UTF-8" : String(error);
    throw new RunError(`read tenants from ${file}: ${reason}; nothing was changed`);
  }
}

function linesOf(text: string): { lines: Line[]; problems: Problem[] } {
  const [header = "", ...rows] = text.split(/\r?\n/);
  if (header.trim() !== columns.join(",")) {
    const problem = `must be ${columns.join(",")}, is ${header}`;
    return { lines: [], problems: [{ line: 1, problem }] };
  }
  const lines: Line[] = [];
  const problems: Problem[] = [];
  for (const [index, text] of rows.entries()) {
    const line = index + 2;
    if (text.trim() === "") continue;
    const { fields, problem } = fieldsOf(text);
    if (problem !== undefined) problems.push({ line, problem });
    else lines.push({ line, record: Object.fromEntries(fields) });
  }
  return { lines, problems };
}

/** Each line by itself: a quote that is forgotten in one must not swallow the lines after it. */
function fieldsOf(text: string): { fields: [string, string][]; problem?: string } {
  try {
    const [values = []] = parse(text, { trim: true, relax_column_count: true });
    const fields = columns.map((name, index): [string, string] => [name, values[index] ?? ""]);
    if (values.length === columns.length) return { fields };
    return { fields, problem: `must have ${columns.length} columns, has ${values.length}` };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { fields: [], problem: error.message.replace(/ at line \d+/, "") };
  }
}

function told(line: number, record: Line["record"], issue: z.core.$ZodIssue): Problem {
  const column = String(issue.path[0]);
  return { line, problem: `${column} ${issue.message}, is "${record[column] ?? ""}"` };
}

/** What a file holds, for a terminal: nothing in it may move that, or flood it. */
function shown(problem: string): string {
  const text = problem.replace(/[\p{Cc}\p{Cf}]/gu, "\uFFFD");
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/**
 * What is wrong with lines together, those that are wrong themselves as well: of two that declare one tenant, or that
 * give one name to two keys of the stack, one would be lost or refused halfway.
 */
function problemsOfAll(lines: Line[]): Problem[] {
  const seen = new Map<string, number>();
  return lines.flatMap(({ line, record }) => {
    const { name = "", emailAddress = "", keys = "", rotation = "" } = record;
    const names = [...new Set(keys.split(/\s+/).filter((key) => key !== ""))];
    const values = [
      ...(name === "" ? [] : [`name ${name}`]),
      ...(emailAddress === "" ? [] : [`emailAddress ${emailAddress.toLowerCase()}`]),
      // A key's name in the stack begins with its tenant's, which may hold a - as well.
      ...(seen.has(`name ${name}`) ? [] : names.map((key) => `key ${name}-${key}`)),
    ];
    const problems = values.flatMap((value) => {
      const first = seen.get(value);
      if (first === undefined) seen.set(value, line);
      return first === undefined ? [] : [`${value} stands in line ${first} already`];
    });
    if (names.length > 0 && rotation !== "") {
      problems.push("keys or rotation, not both: a user can have two key pairs");
    }
    return problems.map((problem) => ({ line, problem }));
  });
}
