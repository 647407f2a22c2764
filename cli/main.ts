import { createRequire } from "node:module";
import { Command, CommanderError, Option } from "commander";
import { explain } from "../provider/api/explain";
import type { Cluster, ClusterOptions } from "../provider/cluster/cluster";
import { compare, type Comparison } from "./comparison";
import { addDoctor } from "./doctor/command";
import { addDrift } from "./drift/command";
import { addExport } from "./export/command";
import { printable, type StackOptions } from "./lines";
import { wrongUsage } from "./messages";
import { messageLine, orphansJson, orphansText, progressOn, writeLine } from "./print";
import { deleteOrphan, revokeOrphan } from "./remove";

/** The exit code of the engine's `--expect-no-changes` if something differs. */
const exitDiffers = 7;

/**
 * Runs one command, prints its result, and sets the exit code of the process.
 *
 * @param clusterOptions - how clusters are opened; for tests
 */
export async function main(args: string[], clusterOptions: ClusterOptions = {}): Promise<void> {
  try {
    await commands(clusterOptions).parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else fail(error);
  }
}

function fail(error: unknown): void {
  writeLine(process.stderr, `pulumi-ostor: ${printable(explain(error, undefined))}`);
  process.exitCode = 1;
}

function commands(clusterOptions: ClusterOptions): Command {
  const program = new Command("pulumi-ostor")
    .description(
      "Compares an ostor cluster with Pulumi stacks, and exports its tenants to a program.",
    )
    .version(versionOf(createRequire(__filename)("pulumi-ostor/package.json")))
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        const problem = text.replace(/^error: /, "").replace(/\s+/g, " ");
        write(messageLine(wrongUsage(problem.trim())));
      },
    });
  addOrphans(program, clusterOptions);
  addRemoval(program.command("delete-user <userId>"), clusterOptions, deleteOrphan).description(
    "delete a user that is in no stack",
  );
  addRemoval(program.command("revoke-key <keyId>"), clusterOptions, revokeOrphan).description(
    "revoke an access key that is in no stack",
  );
  addDoctor(program);
  addDrift(program, clusterOptions);
  addExport(program, clusterOptions);
  return program;
}

function versionOf(manifest: unknown): string {
  return (manifest as { version: string }).version;
}

function addOrphans(program: Command, clusterOptions: ClusterOptions): void {
  withStackOptions(program.command("orphans"))
    .description(
      "list users and access keys that are in no stack; changes nothing, ends with 7 if there are any",
    )
    .option("--json", "print JSON", false)
    .action(async (options: StackOptions & { json: boolean }) => {
      const comparison = await compare(options, clusterOptions, progress(), (found) =>
        Promise.resolve(found),
      );
      const print = options.json ? orphansJson : orphansText;
      process.stdout.write(print(comparison, options));
      if (comparison.orphans.length > 0) process.exitCode = exitDiffers;
    });
}

function addRemoval(
  command: Command,
  clusterOptions: ClusterOptions,
  remove: (
    id: string,
    found: Comparison,
    cluster: Cluster,
    isAfterKill: boolean,
  ) => Promise<string>,
): Command {
  return withStackOptions(command)
    .option(
      "--after-kill",
      "no run is in progress, although the state of a stack says that this is being created",
      false,
    )
    .action(async (id: string, options: StackOptions & { afterKill: boolean }) => {
      const result = await compare(options, clusterOptions, progress(), (found, cluster) =>
        remove(id, found, cluster, options.afterKill),
      );
      process.stdout.write(`${printable(result)}\n`);
    });
}

/** Adds the options that `orphans` and the commands that remove have in common. */
function withStackOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--stack <name>",
        "a stack that provides the settings, or a stack of another project to compare too; the settings come from the first one",
      )
        .argParser((name: string, names: string[]) => [...names, name])
        .default([] as string[], "the selected stack"),
    )
    .option("--cwd <folder>", "the project's folder", process.cwd())
    .option("--endpoint <url>", "the cluster, instead of the one in the settings of the stack");
}

function progress() {
  return progressOn(process.stderr);
}
