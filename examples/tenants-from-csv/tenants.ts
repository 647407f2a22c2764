import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { parse, type CsvError, type InfoRecord } from "csv-parse/sync";
import { z } from "zod";

const columns = ["name", "emailAddress", "state", "keys", "rotation"];

const row = z.strictObject({
  name: z.string().regex(/^[\w.-]+$/, "must be one word of letters, digits, _, . and -"),
  emailAddress: z.string().regex(/^[^\s@]+@[^\s@]+$/, "must be an e-mail address"),
  state: z.enum(["enabled", "disabled"], "must be enabled or disabled"),
  keys: z
    .string()
    .transform((text) => text.split(/\s+/).filter((key) => key !== ""))
    .refine((keys) => keys.length <= 2, "must be two names at the most")
    .refine((keys) => new Set(keys).size === keys.length, "must be two different names"),
  rotation: z
    .string()
    .regex(/^([1-9]\d*[mhdw])?$/, "must be a period such as 30d, or empty")
    .transform((every) => (every === "" ? undefined : every)),
});

/** A tenant as its line declares it. */
export type Tenant = z.infer<typeof row>;

/** Reads a file of tenants. All that is wrong with it is told at once, line by line: then nothing is sent. */
export function readTenants(file: string): Tenant[] {
  const problems: string[] = [];
  const tenants: { tenant: Tenant; line: number }[] = [];
  for (const { record, info } of linesOf(file, problems)) {
    const checked = row.safeParse(record);
    if (checked.success) tenants.push({ tenant: checked.data, line: info.lines });
    else problems.push(...checked.error.issues.map((issue) => told(info.lines, record, issue)));
  }
  problems.push(...problemsOfAll(tenants));
  if (problems.length === 0) return tenants.map(({ tenant }) => tenant);
  const text = problems.map((problem) => `\n  ${problem}`).join("");
  throw new RunError(`${basename(file)}: ${problems.length} wrong, nothing was changed:${text}`);
}

interface Line {
  record: Record<string, string>;
  info: InfoRecord;
}

function linesOf(file: string, problems: string[]): Line[] {
  const text = readFileSync(file, "utf8");
  const [header = ""] = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  if (header.trim() !== columns.join(",")) {
    problems.push(`line 1: must be ${columns.join(",")}, is ${header}`);
    return [];
  }
  const skipped = (error: CsvError | undefined) => {
    if (error) problems.push(`line ${String(error["lines"])}: ${error.message}`);
    return undefined;
  };
  return parse(text, {
    bom: true,
    columns: true,
    info: true,
    trim: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: skipped,
  }) as unknown as Line[];
}

function told(line: number, record: Record<string, string>, issue: z.core.$ZodIssue): string {
  const column = String(issue.path[0]);
  return `line ${line}: ${column} ${issue.message}, is "${record[column] ?? ""}"`;
}

/** What is wrong with lines together: of two that declare one tenant, one would be lost or refused halfway. */
function problemsOfAll(tenants: { tenant: Tenant; line: number }[]): string[] {
  const seen = new Map<string, number>();
  return tenants.flatMap(({ tenant, line }) => {
    const { name, emailAddress, keys, rotation } = tenant;
    const problems: string[] = [];
    for (const value of new Set([`name ${name}`, `emailAddress ${emailAddress.toLowerCase()}`])) {
      const first = seen.get(value);
      if (first === undefined) seen.set(value, line);
      else problems.push(`line ${line}: ${value} stands in line ${first} already`);
    }
    if (keys.length > 0 && rotation !== undefined) {
      problems.push(`line ${line}: keys or rotation, not both: a user can have two key pairs`);
    }
    return problems;
  });
}
