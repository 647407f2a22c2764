import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { CodedError } from "../../provider/text/message";
import { printable } from "../lines";
import { readEventLog } from "./eventLog";
import { otherStack, unreadableLog } from "./messages";
import { reportOf, unknownReport, type Report } from "./report";

/**
 * Reads an event log and reports the drift in it.
 *
 * @param file - `-` for standard input
 * @param stack - the stack with its organization, which a log does not contain
 * @returns the report, and the text of the log; empty if it cannot be read
 */
export async function reportOfLog(
  file: string,
  stack: string | undefined,
): Promise<{ report: Report; log: string }> {
  const log = await read(file);
  if (typeof log === "string") return { report: reportFor(log, stack), log };
  return { report: unreadableReport(log), log: "" };
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
