import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { z } from "zod";
import type { CodedError } from "../provider/text/message";
import {
  configurationOf,
  exportOf,
  folderNotFound,
  noPulumi,
  pulumiFailed,
  unexpectedOutput,
} from "./messages";

/** The read-only commands of the engine's command line. */
export interface Pulumi {
  /** Whether the folder, or one above it, contains a project. */
  isProject(): boolean;
  /** All stacks of the project. */
  stacks(): Promise<ListedStack[]>;
  /** `pulumi stack export`, secrets encrypted. An empty name is the selected stack, here and below. */
  exportStack(stack: string): Promise<unknown>;
  /** Configuration of a stack by name, secrets in plain text. */
  config(stack: string): Promise<Record<string, string>>;
  /** The same without secrets. It needs no passphrase, which each stack may have its own of. */
  plainConfig(stack: string): Promise<Record<string, string>>;
}

const stackList = z.array(z.object({ name: z.string(), current: z.boolean().optional() }));
type ListedStack = z.infer<typeof stackList>[number];
const largestState = 1024 ** 3;

/** The name of the selected stack, if one is selected. */
export function selectedOf(listed: readonly ListedStack[]): string | undefined {
  return listed.find(({ current }) => current)?.name;
}

/**
 * Runs `pulumi` in a project's folder.
 *
 * @throws CodedError if the folder does not exist
 */
export function createPulumi(cwd: string): Pulumi {
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) throw folderNotFound(cwd);
  const json = async (attempt: string, flags: string[]) => {
    const output = await run(attempt, flags, cwd);
    try {
      return JSON.parse(output) as unknown;
    } catch {
      throw unexpectedOutput(attempt, "JSON");
    }
  };
  const listed = async () => {
    const attempt = "list the stacks of the project";
    const list = stackList.safeParse(await json(attempt, ["stack", "ls", "--json"]));
    if (!list.success) throw unexpectedOutput(attempt, "a list of stacks");
    return list.data;
  };
  const config = async (stack: string, flags: string[]) => {
    const words = ["config", "--json", ...flags, ...flagOf(stack)];
    const entries = await json(configurationOf(stack), words);
    return valuesOf(entries as Record<string, { value?: string }>);
  };
  return {
    isProject: () => isProject(resolve(cwd)),
    stacks: listed,
    exportStack: (stack) => json(exportOf(stack), ["stack", "export", ...flagOf(stack)]),
    config: (stack) => config(stack, ["--show-secrets"]),
    plainConfig: (stack) => config(stack, []),
  };
}

function flagOf(stack: string): string[] {
  return stack === "" ? [] : ["--stack", stack];
}

function isProject(folder: string): boolean {
  const isHere = ["yaml", "yml", "json"].some((end) => existsSync(join(folder, `Pulumi.${end}`)));
  const parent = dirname(folder);
  return isHere || (parent !== folder && isProject(parent));
}

function valuesOf(entries: Record<string, { value?: string }>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, { value }]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

function run(attempt: string, flags: string[], cwd: string): Promise<string> {
  const words = ["--non-interactive", "--color", "never", ...flags];
  return new Promise((resolve, reject) => {
    execFile("pulumi", words, { cwd, maxBuffer: largestState }, (error, stdout, stderr) => {
      if (error) reject(failureOf(attempt, error, stderr));
      else resolve(stdout);
    });
  });
}

function failureOf(attempt: string, error: Error, stderr: string): CodedError {
  if ("code" in error && error.code === "ENOENT") {
    return noPulumi(attempt, (process.env["PATH"] ?? "").split(delimiter).length);
  }
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const reason = lines.find((line) => line.startsWith("error: ")) ?? lines.at(-1) ?? error.message;
  return pulumiFailed(attempt, reason.replace(/^error: /, ""));
}
