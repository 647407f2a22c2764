import { InvalidArgumentError, Option, type Command } from "commander";
import { progressOn } from "../print";
import type { LeftOut } from "./declarable";
import { exportCluster, type ExportOptions } from "./export";
import { exportedText, leftOutText } from "./print";

/** As the engine's own `--expect-no-changes` ends when something differs: here the file from the cluster. */
const exitLeftOut = 7;

/** Adds `export`, which reads a cluster and writes what brings it into a stack. */
export function addExport(program: Command): void {
  const command = program
    .command("export")
    .description(
      "write a program that adopts the users, keys and buckets of a cluster; changes nothing, ends with 7 if anything is left out",
    );
  where(whom(what(command))).action(async (options: ExportOptions) => {
    const tell = (leftOut: LeftOut[]) => process.stderr.write(leftOutText(leftOut));
    const exported = await exportCluster(options, progressOn(process.stderr), tell);
    process.stdout.write(exportedText(exported, options));
    if (exported.leftOut.length > 0) process.exitCode = exitLeftOut;
  });
}

function what(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--format <format>",
        "a program (ts), data with a loop (json), or a file for pulumi import (import)",
      )
        .choices(["ts", "json", "import"])
        .default("ts"),
    )
    .option("--out <folder>", "the folder to write to, below the project's", "tenants")
    .option("--force", "overwrite files that are there", false);
}

function whom(command: Command): Command {
  return command
    .addOption(
      new Option("--filter <glob>", "a pattern of addresses, in any case; give it once for each")
        .argParser(added)
        .default([] as string[], "everybody"),
    )
    .option("--no-buckets", "leave buckets out")
    .option("--panel-users", "users of the cluster's panel (@s3.virtuozzo) as well", false)
    .option("--system-users", "system users as well", false);
}

function where(command: Command): Command {
  return command
    .option("--stack <name>", "whose settings are used (default: the selected stack's, if any)")
    .option("--cwd <folder>", "the project's folder", process.cwd())
    .option("--endpoint <url>", "the cluster, instead of the one that the stack is configured for");
}

function added(glob: string, globs: string[]): string[] {
  if (glob.trim() === "") throw new InvalidArgumentError("It is empty.");
  return [...globs, glob];
}
