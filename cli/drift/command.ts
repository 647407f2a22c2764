import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { Option, type Command } from "commander";
import { CodedError } from "../../provider/text/message";
import { printable } from "../lines";
import { readEventLog } from "./eventLog";
import { hideSecrets } from "./hide";
import { otherStack, unreadableLog } from "./messages";
import { driftJson, driftMarkdown, driftText } from "./print";
import { reportOf, unknownReport, type Report } from "./report";

const exitCodes = { same: 0, differs: 7, unknown: 1 };

/** Adds `drift`, which reads the engine's event log. It runs nothing, and sends no request. */
export function addDrift(program: Command): void {
  program
    .command("drift <file>")
    .description("print the drift in an event log of the engine; - reads standard input")
    .option(
      "--stack <name>",
      "the stack of the log with its organization, which a log does not contain, for the printed commands",
    )
    .option("--json", "print JSON", false)
    .addOption(
      new Option("--markdown", "print Markdown, for the page of a job")
        .default(false)
        .conflicts("json"),
    )
    .action(async (file: string, { stack, ...form }: Form & { stack?: string }) => {
      const log = await read(file);
      const report = typeof log === "string" ? reportFor(log, stack) : unreadableReport(log);
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

function reportFor(log: string, stack: string | undefined): Report {
  try {
    const run = readEventLog(log);
    if (stack === undefined) return reportOf(run);
    if (run.stack !== "" && stack.split("/").at(-1) !== run.stack)
      throw otherStack(run.stack, stack);
    return reportOf({ ...run, stack });
  } catch (error) {
    if (error instanceof CodedError) return unreadableReport(error);
    throw error;
  }
}

function unreadableReport({ code, message }: CodedError): Report {
  return unknownReport({ code, text: message });
}

async function read(file: string): Promise<string | CodedError> {
  if (file === "-") return text(process.stdin);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    return unreadableLog(printable(file), code);
  }
}
