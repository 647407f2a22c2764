import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterOptions } from "../../../provider/cluster/cluster";
import { CodedError } from "../../../provider/text/message";
import { worstOf, type Report } from "../report";
import { metricsText, writeMetrics } from "./metrics";
import { checkStacks, type Checked, type StateOptions } from "./run";
import { postReport } from "./webhook";

/** What to do with the result of each comparison. */
export interface RoundOptions extends StateOptions {
  /** Milliseconds between two comparisons; undefined for one comparison. */
  every?: number;
  webhook?: URL;
  metrics?: string;
}

/** Where results are printed. */
export interface Printer {
  reports(reports: readonly Report[]): void;
  /** The body of a post. */
  json(reports: readonly Report[]): string;
  failure(error: CodedError): void;
}

/**
 * Compares stacks once, or until a signal ends the process. Prints and posts a result only if it is not that of the
 * comparison before.
 *
 * @returns the result, and whether it was passed on
 */
export async function runRounds(
  options: RoundOptions,
  clusterOptions: ClusterOptions,
  printer: Printer,
) {
  const round = startRounds(options, clusterOptions, printer);
  if (options.every === undefined) return round();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Nothing is left to undo: a comparison only reads, and files are written in one step.
    process.once(signal, () => process.exit(0));
  }
  // Nobody reads the changes any more.
  process.stdout.once("error", () => process.exit(0));
  for (;;) {
    await round();
    await sleep(options.every);
  }
}

/** Returns a function that compares once. It prints and posts a result only if it is not that of its last call. */
export function startRounds(
  options: RoundOptions,
  clusterOptions: ClusterOptions,
  printer: Printer,
) {
  const { metrics, webhook } = options;
  let printed: string | undefined;
  let posted: string | undefined;
  const [attemptWrite, attemptPost] = [attempts(printer), attempts(printer)];
  return async () => {
    const start = performance.now();
    const checked = await checkStacks(options, clusterOptions);
    const reports = checked.map(({ report }) => report);
    const result = worstOf(reports);
    const key = keyOf(checked);
    if (key !== printed) printer.reports(reports);
    printed = key;
    const write = (path: string) => {
      const seconds = (performance.now() - start) / 1000;
      writeMetrics(path, metricsText(checked, seconds, Date.now()));
    };
    const post = async (url: URL) => {
      await postReport(url, printer.json(reports));
      posted = key;
    };
    // The file of the last success stays: its age shows that the comparison fails.
    const isWritten =
      metrics === undefined ||
      result === "unknown" ||
      (await attemptWrite(() => {
        write(metrics);
      }));
    const isPosted =
      webhook === undefined || key === posted || (await attemptPost(() => post(webhook)));
    return { result, isPassedOn: isWritten && isPosted };
  };
}

/** Attempts the same work again and again. Of failures in a row it prints the first. */
function attempts(printer: Printer) {
  let hasFailed = false;
  return async (work: () => void | Promise<void>): Promise<boolean> => {
    try {
      await work();
      hasFailed = false;
      return true;
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      if (!hasFailed) printer.failure(error);
      hasFailed = true;
      return false;
    }
  };
}

/** Equal for equal results. The text of a failure may differ from one to the next, and its code during an outage. */
function keyOf(checked: readonly Checked[]): string {
  return JSON.stringify(
    checked.map(({ report: { stack, result, code, drift, notCompared }, replaced }) => [
      ...[stack, result, code?.replace(/^(network|service)-.*/, "outage"), notCompared, replaced],
      drift.map(({ urn, property, declared, found }) => [urn, property, declared, found]),
    ]),
  );
}
