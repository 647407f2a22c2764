import { resolve } from "node:path";
import { shellWord, unsafe } from "../provider/text/shellWord";
import type { Orphan } from "./orphans";
import { typeOf } from "./resourceTypes";

/** Which stacks and cluster a command line names. */
export interface StackOptions {
  /** Names of stacks; empty for all stacks of the project. */
  stack: string[];
  cwd: string;
  endpoint?: string;
}

/** What decides about the lines that adopt orphans. */
interface Adopting {
  orphans: Orphan[];
  /** Names in use in the stacks. */
  names: ReadonlySet<string>;
  isOfPlugin: boolean;
}

/**
 * The lines that adopt orphans as they are: one for a user, and one for each of its keys. They belong in a program; where the
 * plugin manages the stacks, they are commands. A key whose secret the service does not return has no line. Resource names
 * come from addresses and are unique.
 */
export function adoptLines({ orphans, names, isOfPlugin }: Adopting): string[][] {
  const used = { User: new Set(names), AccessKey: new Set(names) };
  return orphans.map((orphan) => {
    const wanted = orphan.emailAddress.replace(/[^\w.-]+/g, "-");
    const nameFor = (resource: Resource) => freeName(wanted, used[resource]);
    return isOfPlugin ? importCommands(orphan, nameFor) : programLines(orphan, nameFor);
  });
}

type Resource = "User" | "AccessKey";

function keysWithSecret({ accessKeyIds, keysWithoutSecret }: Orphan): string[] {
  return accessKeyIds.filter((id) => !keysWithoutSecret.includes(id));
}

function importCommands(orphan: Orphan, nameFor: (resource: Resource) => string): string[] {
  const line = (resource: Resource, id: string) =>
    shellLine(["pulumi", "import", typeOf(resource, "plugin"), nameFor(resource), id]);
  const user = orphan.kind === "user" ? [line("User", orphan.emailAddress)] : [];
  return [...user, ...keysWithSecret(orphan).map((id) => line("AccessKey", id))];
}

/** A key gets the `User`, not its address: otherwise it would be revoked even if the deletion of the user is refused. */
function programLines(orphan: Orphan, nameFor: (resource: Resource) => string): string[] {
  const { kind, emailAddress, userId, state } = orphan;
  const line = (resource: Resource, args: string, id: string) =>
    `new ostor.${resource}(${safeJson(nameFor(resource))}, { ${args}, adopt: ${safeJson(id)} });`;
  const { variable, note } = variableOf(orphan);
  const keyLines = () =>
    keysWithSecret(orphan).map((id) => `${line("AccessKey", `user: ${variable}`, id)}${note}`);
  if (kind === "key") return keyLines();
  // Without it the update after the one that adopts would enable a suspended user.
  const suspended = state === "disabled" ? `, state: "disabled"` : "";
  const user = line("User", `emailAddress: ${safeJson(emailAddress)}${suspended}`, userId);
  const keys = keyLines();
  return keys.length === 0 ? [user] : [`const ${variable} = ${user}`, ...keys];
}

/** The variable of a key's `User`, with a note if that resource is in a program whose variables are not known. */
function variableOf({ userResource, userId }: Orphan): { variable: string; note: string } {
  const variable = `user_${userId.replace(/\W/g, "_")}`;
  if (!userResource) return { variable, note: "" };
  const { name, stack } = userResource;
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
 * The command that removes an orphan. It compares the same stacks and cluster again first. Only a person knows that no
 * run is in progress, so it never contains `--after-kill`.
 */
export function removeLine(orphan: Orphan, options: StackOptions): string {
  const { kind, userId, accessKeyIds } = orphan;
  const [command, id = ""] =
    kind === "user" ? ["delete-user", userId] : ["revoke-key", accessKeyIds[0]];
  return shellLine(["npx", "pulumi-ostor", command, id, ...flagsOf(options)]);
}

/** The command that compares the same stack and cluster again, and believes it if most of the stack was not found. */
export function driftLine({ stack, cwd, endpoint }: StackOptions): string {
  const flags = flagsOf({ stack, cwd, ...(endpoint !== undefined && { endpoint }) });
  return shellLine(["npx", "pulumi-ostor", "drift", "--confirm-gone", ...flags]);
}

function shellLine(words: string[]): string {
  return words.map(shellWord).join(" ");
}

/** Flags that select the same folder, and the stack if the command line named one, in printed commands. */
export function engineFlags({ cwd, stack }: { cwd: string; stack?: string | undefined }): string[] {
  const named = stack === undefined ? [] : ["--stack", stack];
  return [...folderFlags(cwd), ...named].map(shellWord);
}

/** The flag that names a stack at the end of a printed command, with a space before it; empty without a stack. */
export function stackFlag(stack: string): string {
  return stack === "" ? "" : ` --stack ${shellWord(stack)}`;
}

function flagsOf({ stack, cwd, endpoint }: StackOptions): string[] {
  return [
    ...stack.flatMap((name) => ["--stack", name]),
    ...folderFlags(cwd),
    ...(endpoint === undefined ? [] : ["--endpoint", endpoint]),
  ];
}

function folderFlags(cwd: string): string[] {
  return isHere(cwd) ? [] : ["--cwd", resolve(cwd)];
}

/** Whether a folder is the current one. */
export function isHere(cwd: string): boolean {
  return resolve(cwd) === process.cwd();
}

/** JSON, which is also valid in a program, without characters that are unsafe to print. */
export function safeJson(value: string | object, indent = 0): string {
  const lines = JSON.stringify(value, null, indent).split("\n");
  return lines.map((line) => line.replace(unsafe, escaped)).join("\n");
}

/** JSON escapes a character of two code units as two. */
function escaped(letter: string): string {
  const units = Array.from({ length: letter.length }, (_, index) => letter.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

/** Text of the service, made safe to print on one line. */
export function printable(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
}
