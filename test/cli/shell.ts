import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A shell with a stand-in for one command, which only prints its arguments. */
export interface Shell {
  folder: string;
  /** The arguments of each call of the command in a line. */
  wordsOf(line: string): string[][];
}

/** Gives the tests of a `describe` such a shell. */
export function useShell(command: string): Shell {
  const shell = {} as Shell;
  before(() => {
    shell.folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-shell-"));
    const standIn = `#!${process.execPath}\nconsole.log(JSON.stringify(process.argv.slice(2)));\n`;
    writeFileSync(join(shell.folder, command), standIn);
    chmodSync(join(shell.folder, command), 0o755);
  });
  after(() => {
    rmSync(shell.folder, { recursive: true });
  });
  shell.wordsOf = (line) => {
    const PATH = [shell.folder, process.env["PATH"]].join(delimiter);
    const printed = execFileSync("sh", ["-c", line], { env: { PATH } }).toString();
    return printed
      .trim()
      .split("\n")
      .map((each) => JSON.parse(each) as string[]);
  };
  return shell;
}
