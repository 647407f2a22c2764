import { resolve } from "node:path";
import type { Orphan } from "./orphans";

/** What a command line says of where to look. */
export interface Where {
  /** Names of stacks; empty for every stack of the project. */
  stack: string[];
  cwd: string;
  endpoint?: string;
}

/**
 * The lines of a program that take orphans over as they are: of a user one, and one for each of its pairs, which is
 * given the User itself: with an address alone it would be revoked though the user's removal is refused. A pair whose
 * secret isn't told has none. Names of resources are made from addresses and are all different.
 *
 * @param taken - names that the stacks use already
 */
export function adoptLines(orphans: Orphan[], taken: ReadonlySet<string>): string[][] {
  const used = { User: new Set(taken), AccessKey: new Set(taken) };
  return orphans.map((orphan) => {
    const { kind, emailAddress, userId, untoldKeys, state } = orphan;
    const accessKeyIds = orphan.accessKeyIds.filter((id) => !untoldKeys.includes(id));
    const wanted = emailAddress.replace(/[^\w.-]+/g, "-");
    const line = (resource: keyof typeof used, what: string, id: string) => {
      const name = safeJson(freeName(wanted, used[resource]));
      return `new ostor.${resource}(${name}, { ${what}, adopt: ${safeJson(id)} });`;
    };
    const { variable, note } = ownerOf(orphan);
    const keysOf = () =>
      accessKeyIds.map((id) => `${line("AccessKey", `user: ${variable}`, id)}${note}`);
    if (kind === "key") return keysOf();
    // Without it the update after the one that adopts would enable whom somebody suspended.
    const suspended = state === "disabled" ? `, state: "disabled"` : "";
    const user = line("User", `emailAddress: ${safeJson(emailAddress)}${suspended}`, userId);
    return accessKeyIds.length === 0 ? [user] : [`const ${variable} = ${user}`, ...keysOf()];
  });
}

/** The variable of a key's User. What that of a user in a program is, only whoever wrote the program knows. */
function ownerOf({ heldBy, userId }: Orphan): { variable: string; note: string } {
  const variable = `user_${userId.replace(/\W/g, "_")}`;
  if (!heldBy) return { variable, note: "" };
  const { name, stack } = heldBy;
  const note = ` // ${variable}: the User ${safeJson(name)} of stack ${safeJson(stack)}`;
  return { variable, note };
}

function freeName(wanted: string, used: Set<string>): string {
  let name = wanted;
  for (let number = 2; used.has(name); number += 1) name = `${wanted}-${number}`;
  used.add(name);
  return name;
}

/**
 * The command that removes an orphan from the cluster; it looks again before it does, at the same place. That no
 * run is going on is for a person to say: `--after-kill` is never part of it.
 */
export function removeLine(orphan: Orphan, where: Where): string {
  const { kind, userId, accessKeyIds } = orphan;
  const [command, id = ""] =
    kind === "user" ? ["delete-user", userId] : ["revoke-key", accessKeyIds[0]];
  const words = ["npx", "pulumi-ostor", command, id, ...flagsOf(where)];
  return words.map(shellWord).join(" ");
}

/**
 * Flags that lead the engine to the same stack and folder from where the shell stands, as words for it.
 *
 * @param where - the stack, where the command line named one
 */
export function engineFlags({ cwd, stack }: { cwd: string; stack?: string | undefined }): string[] {
  const named = stack === undefined ? [] : ["--stack", stack];
  return [...folderFlags(cwd), ...named].map(shellWord);
}

/** The flag that names a stack at the end of a printed command, with a space before it; nothing for none. */
export function stackFlag(stack: string): string {
  return stack === "" ? "" : ` --stack ${shellWord(stack)}`;
}

function flagsOf({ stack, cwd, endpoint }: Where): string[] {
  return [
    ...stack.flatMap((name) => ["--stack", name]),
    ...folderFlags(cwd),
    ...(endpoint === undefined ? [] : ["--endpoint", endpoint]),
  ];
}

function folderFlags(cwd: string): string[] {
  return isHere(cwd) ? [] : ["--cwd", resolve(cwd)];
}

/** Whether the shell stands in a folder. */
export function isHere(cwd: string): boolean {
  return resolve(cwd) === process.cwd();
}

/** What moves a terminal, or turns the direction of writing. */
const unsafe = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** JSON, which is a text of a program as well, without anything that is unsafe to print. */
export function safeJson(value: string | object, indent = 0): string {
  const lines = JSON.stringify(value, null, indent).split("\n");
  return lines.map((line) => line.replace(unsafe, escaped)).join("\n");
}

/** Two escapes for a letter of two units: JSON knows no other form. */
function escaped(letter: string): string {
  const units = Array.from({ length: letter.length }, (_, index) => letter.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

/** A word for a POSIX shell. Ids come from the service: one must never be a command. */
export function shellWord(word: string): string {
  const shown = word.replace(unsafe, " ");
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}

/** Names and texts of a foreign server made fit for a terminal. */
export function printable(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
}
