#!/usr/bin/env node
import { createRequire } from "node:module";
import { Command, CommanderError, Option } from "commander";
import { compare, type Comparison } from "./comparison";
import { addDoctor } from "./doctor/command";
import { addDrift } from "./drift/command";
import { addExport } from "./export/command";
import type { Cluster } from "../provider/cluster/cluster";
import { printable, type Where } from "./lines";
import { orphansJson, orphansText, progressOn, writeLine } from "./print";
import { deleteOrphan, revokeOrphan } from "./remove";

/** As the engine's own `--expect-no-changes` ends when something differs. */
const exitDiffers = 7;

void main(process.argv.slice(2));

async function main(args: string[]): Promise<void> {
  process.stdout.on("error", endQuietly);
  try {
    await commands().parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else fail(error);
  }
}

/** Whoever reads may stop, as `| head` does: that is no failure, and how the command ends stays its own. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  writeLine(process.stderr, `pulumi-ostor: ${printable(message)}`);
  process.exitCode = 1;
}

function commands(): Command {
  const program = new Command("pulumi-ostor")
    .description(
      "Compares an ostor cluster with the stacks that declare its tenants, and brings one into a stack.",
    )
    .version(versionOf(createRequire(__filename)("pulumi-ostor/package.json")))
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        const told = text
          .replace(/^error: /, "")
          .replace(/\s+/g, " ")
          .trim();
        write(`pulumi-ostor: ${told}; --help lists commands and flags\n`);
      },
    });
  at(program.command("orphans"))
    .description(
      "list users and key pairs that are in no stack; changes nothing, ends with 7 if any",
    )
    .option("--json", "print JSON", false)
    .action(async (where: Where & { json: boolean }) => {
      const comparison = await compare(where, progress(), (found) => Promise.resolve(found));
      const print = where.json ? orphansJson : orphansText;
      process.stdout.write(print(comparison, where));
      if (comparison.orphans.length > 0) process.exitCode = exitDiffers;
    });
  removal(program, "delete-user <userId>", "delete a user that is in no stack", deleteOrphan);
  removal(program, "revoke-key <keyId>", "revoke a key pair that is in no stack", revokeOrphan);
  addDoctor(program);
  addDrift(program);
  addExport(program);
  return program;
}

function versionOf(manifest: unknown): string {
  return (manifest as { version: string }).version;
}

function removal(
  program: Command,
  usage: string,
  description: string,
  remove: (
    id: string,
    found: Comparison,
    cluster: Cluster,
    isAfterKill: boolean,
  ) => Promise<string>,
): void {
  at(program.command(usage))
    .description(description)
    .option(
      "--after-kill",
      "no run is going on, though a stack says that this is being created",
      false,
    )
    .action(async (id: string, where: Where & { afterKill: boolean }) => {
      const told = await compare(where, progress(), (found, cluster) =>
        remove(id, found, cluster, where.afterKill),
      );
      process.stdout.write(`${printable(told)}\n`);
    });
}

/** Where every command looks. */
function at(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--stack <name>",
        "a stack whose settings are used, and one of another project to compare as well; the first one's settings count",
      )
        .argParser((name: string, names: string[]) => [...names, name])
        .default([] as string[], "the selected one"),
    )
    .option("--cwd <folder>", "the project's folder", process.cwd())
    .option("--endpoint <url>", "the cluster, instead of the one that the stack is configured for");
}

function progress() {
  return progressOn(process.stderr);
}
