import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { z } from "zod";

/** A failure that the person at the terminal can mend: printed as one line. */
export class PlainError extends Error {
  override readonly name = "PlainError";
}

/** What the engine's own command line tells, read-only. */
export interface Pulumi {
  /** Whether the folder, or one above it, is a project's. */
  isProject(): boolean;
  /** All stacks of the project. */
  stacks(): Promise<ListedStack[]>;
  /** `pulumi stack export`, secrets encrypted. */
  exportStack(stack: string): Promise<unknown>;
  /** Configuration of a stack, secrets in plain, by name. */
  config(stack: string): Promise<Record<string, string>>;
  /** The same without secrets, which takes no passphrase: each stack may have its own. */
  plainConfig(stack: string): Promise<Record<string, string>>;
}

const stackList = z.array(z.object({ name: z.string(), current: z.boolean().optional() }));
type ListedStack = z.infer<typeof stackList>[number];
const largestState = 1024 ** 3;

/** The name of the selected stack, if one is. */
export function selectedOf(listed: readonly ListedStack[]): string | undefined {
  return listed.find(({ current }) => current)?.name;
}

/**
 * Runs `pulumi` in a project's folder.
 *
 * @throws PlainError when there is no such folder
 */
export function createPulumi(cwd: string): Pulumi {
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    throw new PlainError(`--cwd ${cwd}: there is no such folder`);
  }
  const json = async (attempt: string, flags: string[]) => {
    const output = await run(attempt, flags, cwd);
    try {
      return JSON.parse(output) as unknown;
    } catch {
      throw new PlainError(`${attempt}: pulumi printed no JSON`);
    }
  };
  const listed = async () => {
    const attempt = "list the stacks of the project";
    const list = stackList.safeParse(await json(attempt, ["stack", "ls", "--json"]));
    if (!list.success) throw new PlainError(`${attempt}: pulumi printed no list of stacks`);
    return list.data;
  };
  const config = async (stack: string, flags: string[]) => {
    const attempt = `read the configuration of stack ${stack}`;
    const entries = await json(attempt, ["config", "--json", ...flags, "--stack", stack]);
    return valuesOf(entries as Record<string, { value?: string }>);
  };
  return {
    isProject: () => isProject(resolve(cwd)),
    stacks: listed,
    exportStack: (stack) =>
      json(`export the state of stack ${stack}`, ["stack", "export", "--stack", stack]),
    config: (stack) => config(stack, ["--show-secrets"]),
    plainConfig: (stack) => config(stack, []),
  };
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
      if (!error) resolve(stdout);
      else reject(new PlainError(`${attempt}: ${reasonOf(error, stderr)}`));
    });
  });
}

/** The line of what the CLI printed that says why, and what mends it. */
function reasonOf(error: Error, stderr: string): string {
  if ("code" in error && error.code === "ENOENT") {
    const folders = (process.env["PATH"] ?? "").split(delimiter).length;
    return `there is no pulumi on PATH (${folders} folders looked at); install the Pulumi CLI`;
  }
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const telling = lines.find((line) => line.startsWith("error: ")) ?? lines.at(-1) ?? error.message;
  return telling.replace(/^error: /, "");
}
