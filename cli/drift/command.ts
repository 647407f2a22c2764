import { InvalidArgumentError, Option, type Command } from "commander";
import type { ClusterOptions } from "../../provider/cluster/cluster";
import { badPeriod, badWebhook, notOfLog, oneStackOfLog } from "./state/messages";
import { reportOfLog } from "./log";
import { printLog, printerOf, type Form } from "./output";
import type { Report } from "./report";
import { runRounds, type RoundOptions } from "./state/rounds";

const exitCodes: Record<Report["result"], number> = { same: 0, differs: 7, unknown: 1 };

type Flags = Form & RoundOptions;

/** Flags that need a state, by the name of their option. */
const stateFlags = {
  all: "--all",
  cwd: "--cwd",
  endpoint: "--endpoint",
  confirmGone: "--confirm-gone",
  every: "--every",
  webhook: "--webhook",
  metrics: "--metrics",
};

/** Adds `drift`, which compares the states of stacks with the cluster, or reads the engine's event log. */
export function addDrift(program: Command, clusterOptions: ClusterOptions): void {
  const command = program
    .command("drift [file]")
    .description(
      "compare the state of a stack with the cluster, or print the drift in an event log of the engine (- reads standard input); changes nothing, ends with 7 if anything differs",
    );
  addForm(addSource(addRounds(command))).action(async (file: string | undefined, flags: Flags) => {
    if (file !== undefined) {
      refuseStateFlags(command, flags);
      const { report, log } = await reportOfLog(file, flags.stack[0]);
      printLog(report, log, flags);
      process.exitCode = exitCodes[report.result];
      return;
    }
    const { result, isPassedOn } = await runRounds(flags, clusterOptions, printerOf(flags));
    process.exitCode = isPassedOn ? exitCodes[result] : exitCodes.unknown;
  });
}

function addSource(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--stack <name>",
        "a stack to compare, can be repeated: the first one provides the settings; of an event log, its stack with the organization, for the printed commands",
      )
        .argParser((name: string, names: string[]) => [...new Set([...names, name])])
        .default([] as string[], "the selected stack"),
    )
    .addOption(
      new Option("--all", "compare all stacks of the project").default(false).conflicts("stack"),
    )
    .option("--cwd <folder>", "the project's folder", process.cwd())
    .option("--endpoint <url>", "the cluster, instead of the one in the settings of the stack")
    .option(
      "--confirm-gone",
      "report drift even if more than half of a stack was not found",
      false,
    );
}

function addRounds(command: Command): Command {
  return command
    .option("--every <period>", "compare again after this time, such as 5m; print changes", period)
    .option("--webhook <url>", "post the JSON report when the result changes", webhook)
    .option("--metrics <file>", "write the result as text for Prometheus");
}

function addForm(command: Command): Command {
  return command
    .option("--json", "print JSON", false)
    .addOption(
      new Option("--markdown", "print Markdown, for the page of a job")
        .default(false)
        .conflicts("json"),
    );
}

function refuseStateFlags(command: Command, { stack }: Flags): void {
  const given = Object.entries(stateFlags).flatMap(([name, flag]) =>
    command.getOptionValueSource(name) === "cli" ? [flag] : [],
  );
  if (given.length > 0) command.error(notOfLog(given));
  if (stack.length > 1) command.error(oneStackOfLog);
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function period(text: string): number {
  const [, number, unit] = /^([1-9]\d{0,3})([smhd])$/.exec(text) ?? [];
  const ms = Number(number) * unitMs[unit as keyof typeof unitMs];
  // A timer takes 31 bits of milliseconds; a longer one ends at once.
  if (number === undefined || ms > 24 * unitMs.d) throw new InvalidArgumentError(badPeriod);
  return ms;
}

function webhook(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new InvalidArgumentError(badWebhook);
  return url;
}
