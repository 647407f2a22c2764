import { InvalidArgumentError, Option, type Command } from "commander";
import type { ClusterOptions } from "../../provider/cluster/cluster";
import { progressOn } from "../print";
import type { LeftOut } from "./declarable";
import { exportCluster, type ExportOptions } from "./export";
import { emptyPattern } from "./messages";
import { exportedText, leftOutText } from "./print";

/** The exit code of the engine's `--expect-no-changes` if something differs: here the files from the cluster. */
const exitLeftOut = 7;

/** Adds `export`, which reads a cluster and writes what brings it into a stack. */
export function addExport(program: Command, clusterOptions: ClusterOptions): void {
  const command = program
    .command("export")
    .description(
      "write a program that adopts the users, keys and buckets of a cluster; changes nothing on the cluster, ends with 7 if anything is left out",
    );
  addSource(addFilters(addFiles(command))).action(async (options: ExportOptions) => {
    const onLeftOut = (leftOut: LeftOut[]) => process.stderr.write(leftOutText(leftOut));
    const exported = await exportCluster(
      options,
      clusterOptions,
      progressOn(process.stderr),
      onLeftOut,
    );
    process.stdout.write(exportedText(exported, options));
    if (exported.leftOut.length > 0) process.exitCode = exitLeftOut;
  });
}

function addFiles(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--format <format>",
        "a program (ts), data with a loop (json), a file for pulumi import (import), or one for resources of the plugin (import-plugin)",
      )
        .choices(["ts", "json", "import", "import-plugin"])
        .default("ts"),
    )
    .option("--out <folder>", "the folder to write to, inside the project's folder", "tenants")
    .option("--force", "overwrite existing files", false);
}

function addFilters(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--filter <glob>",
        "export only addresses that match, ignoring case; can be repeated",
      )
        .argParser(addPattern)
        .default([] as string[], "all users"),
    )
    .option("--no-buckets", "leave buckets out")
    .option("--panel-users", "include users of the cluster's panel (@s3.virtuozzo)", false)
    .option("--system-users", "include system users", false);
}

function addSource(command: Command): Command {
  return command
    .option(
      "--stack <name>",
      "the stack that provides the settings (default: the selected stack, if any)",
    )
    .option("--cwd <folder>", "the project's folder", process.cwd())
    .option("--endpoint <url>", "the cluster, instead of the one in the settings");
}

function addPattern(glob: string, globs: string[]): string[] {
  if (glob.trim() === "") throw new InvalidArgumentError(emptyPattern);
  return [...globs, glob];
}
