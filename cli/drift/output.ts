import { messageLine } from "../print";
import { hideSecrets } from "./hide";
import { driftJson, driftMarkdown, driftText, reportsJson } from "./print";
import type { Report } from "./report";
import type { Printer, RoundOptions } from "./state/rounds";

/** How a report is printed: as text for people, unless a flag asks for another form. */
export interface Form {
  json: boolean;
  markdown: boolean;
}

/** Prints the report of an event log, without what the log contains in plain text under the name of a secret. */
export function printLog(report: Report, log: string, form: Form): void {
  const print = form.json ? driftJson : form.markdown ? driftMarkdown : driftText;
  write(report, hideSecrets(print(report), log), form);
}

/** Prints the reports of stacks. A state contains no secret in plain text. */
function printReports(reports: readonly Report[], form: Form, json: string): void {
  if (form.json) process.stdout.write(json);
  else if (form.markdown)
    process.stdout.write([...byText(reports, driftMarkdown).keys()].join("\n"));
  else for (const [shown, report] of byText(reports, driftText)) write(report, shown, form);
}

/** Reports by their text: the reason that is common to stacks is printed once. */
function byText(reports: readonly Report[], print: (report: Report) => string) {
  return new Map(reports.map((report) => [print(report), report]));
}

/** What is unknown is a failure: standard error is for people, other forms are read as one text. */
function write({ result }: Report, shown: string, { json, markdown }: Form): void {
  if (result === "unknown" && !json && !markdown) {
    process.stderr.write(`pulumi-ostor: ${shown}`);
  } else process.stdout.write(shown);
}

/** Prints the results of comparisons. JSON of repeated comparisons has one line each. */
export function printerOf(options: Form & RoundOptions): Printer {
  const isMany = options.all || options.stack.length > 1;
  const json = (reports: readonly Report[], indent: number) => {
    const [first] = reports;
    return isMany || !first ? reportsJson(reports, indent) : driftJson(first, indent);
  };
  return {
    json: (reports) => json(reports, 0),
    reports: (reports) => {
      printReports(reports, options, json(reports, options.every === undefined ? 2 : 0));
    },
    failure: ({ code, message }) => {
      process.stderr.write(messageLine({ code, text: message }));
    },
  };
}
