import { resolve } from "node:path";
import type { Orphan } from "./orphans";

/** What a command line says of where to look. */
export interface Where {
  /** Names of stacks; empty for the selected one. */
  stack: string[];
  /** Every stack of the project, whatever `stack` says. */
  all: boolean;
  cwd: string;
  endpoint?: string;
}

/**
 * The lines of a program that take orphans over as they are: of a user one, and one for each of its pairs. Names of
 * resources are made from addresses and are all different.
 *
 * @param taken - names that the stacks use already
 */
export function adoptLines(orphans: Orphan[], taken: ReadonlySet<string>): string[][] {
  const used = { User: new Set(taken), AccessKey: new Set(taken) };
  return orphans.map(({ kind, emailAddress, userId, accessKeyIds }) => {
    const wanted = emailAddress.replace(/[^\w.-]+/g, "-");
    const line = (resource: keyof typeof used, who: string, id: string) => {
      const name = quoted(freeName(wanted, used[resource]));
      return `new ostor.${resource}(${name}, { ${who}: ${quoted(emailAddress)}, adopt: ${quoted(id)} });`;
    };
    const keys = accessKeyIds.map((id) => line("AccessKey", "user", id));
    return kind === "user" ? [line("User", "emailAddress", userId), ...keys] : keys;
  });
}

function freeName(wanted: string, used: Set<string>): string {
  let name = wanted;
  for (let number = 2; used.has(name); number += 1) name = `${wanted}-${number}`;
  used.add(name);
  return name;
}

/** The command that removes an orphan from the cluster; it looks again before it does, at the same place. */
export function removeLine(orphan: Orphan, where: Where): string {
  const { kind, userId, accessKeyIds, wasInterrupted } = orphan;
  const [command, id = ""] =
    kind === "user" ? ["delete-user", userId] : ["revoke-key", accessKeyIds[0]];
  const afterKill = wasInterrupted ? ["--after-kill"] : [];
  const words = ["npx", "pulumi-ostor", command, id, ...flagsOf(where), ...afterKill];
  return words.map(shellWord).join(" ");
}

function flagsOf({ stack, all, cwd, endpoint }: Where): string[] {
  return [
    ...(all ? ["--all"] : stack.flatMap((name) => ["--stack", name])),
    ...(resolve(cwd) === process.cwd() ? [] : ["--cwd", cwd]),
    ...(endpoint === undefined ? [] : ["--endpoint", endpoint]),
  ];
}

/** A text of a program; what moves a terminal, or turns the direction of writing, is escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (letter) => `\\u{${letter.codePointAt(0)?.toString(16) ?? ""}}`,
  );
}

/** A word for a POSIX shell. Ids come from the service: one must never be a command. */
function shellWord(word: string): string {
  const shown = printable(word);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}

/** Names and texts of a foreign server made fit for a terminal. */
export function printable(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
}
