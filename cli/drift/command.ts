import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { Option, type Command } from "commander";
import { printable } from "../lines";
import { PlainError } from "../pulumi";
import { readEventLog } from "./eventLog";
import { hideSecrets } from "./hide";
import { driftJson, driftMarkdown, driftText } from "./print";
import { reportOf, unknownReport, type Report } from "./report";

const exitCodes = { same: 0, differs: 7, unknown: 1 };

/** Adds `drift`, which reads the engine's event log. It runs nothing, and asks no cluster. */
export function addDrift(program: Command): void {
  program
    .command("drift <file>")
    .description("tell what an event log of the engine says of drift; - reads standard input")
    .option(
      "--stack <name>",
      "the stack of the log, for the commands that are printed: a log doesn't tell whose organization's it is",
    )
    .option("--json", "print JSON", false)
    .addOption(
      new Option("--markdown", "print Markdown, for the page of a job")
        .default(false)
        .conflicts("json"),
    )
    .action(async (file: string, { stack, ...form }: Form & { stack?: string }) => {
      const log = await read(file);
      const report = typeof log === "string" ? judge(log, stack) : unknownReport(log.message);
      const shown = hideSecrets(print(report, form), typeof log === "string" ? log : "");
      if (report.result === "unknown" && !form.json && !form.markdown) {
        process.stderr.write(`pulumi-ostor: ${shown}`);
      } else process.stdout.write(shown);
      process.exitCode = exitCodes[report.result];
    });
}

interface Form {
  json: boolean;
  markdown: boolean;
}

function print(report: Report, { json, markdown }: Form): string {
  if (json) return driftJson(report);
  return markdown ? driftMarkdown(report) : driftText(report);
}

function judge(log: string, stack: string | undefined): Report {
  try {
    const run = readEventLog(log);
    if (stack === undefined) return reportOf(run);
    if (run.stack !== "" && stack.split("/").at(-1) !== run.stack)
      throw new PlainError(`the event log is of stack ${run.stack}, not of ${stack}`);
    return reportOf({ ...run, stack });
  } catch (error) {
    if (error instanceof PlainError) return unknownReport(error.message);
    throw error;
  }
}

async function read(file: string): Promise<string | PlainError> {
  if (file === "-") return text(process.stdin);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    const hint = why === "ENOENT" ? ": the run never began; what it printed tells why" : "";
    return new PlainError(`the event log ${printable(file)} can't be read (${why})${hint}`);
  }
}
