import { failure, type Message } from "../../provider/text/message";
import { count } from "../messages";

export const fileExists = (path: string) =>
  failure(
    "file-exists",
    `write ${path}: the file already exists; choose another folder with --out, or overwrite it with --force`,
  );

export const notWritten = (path: string, reason: string) =>
  failure("file-not-written", `write ${path}: ${reason}; choose another folder with --out`);

export const notAFolder = (path: string) => `${path} is not a folder`;

export const isAFolder = "it is a folder";

export const writeFailed = "the write failed";

/** @param patterns - the patterns of `--filter` */
export function nothingToExport(endpoint: string, patterns: readonly string[]) {
  const which = patterns.length === 0 ? "" : ` that matches ${patterns.join(" or ")}`;
  return failure(
    "nothing-to-export",
    `export ${endpoint}: no user${which} can be declared; nothing was written`,
  );
}

export const equalNames = () =>
  failure(
    "equal-names",
    "name the resources: some names are equal although they contain the ids; choose fewer users with --filter",
  );

/** @param what - something on the cluster that is not exported, such as `key <id> of user <address>` */
export const leftOut = (what: string, why: string): Message => ({
  code: "left-out",
  text: `left out: ${what}: ${why}`,
});

export const emptyPattern = "It is empty.";

export const withoutSecret =
  "the service does not return its secret, which an AccessKey needs; the key keeps working outside the stack; to have a key in the stack, declare an AccessKey without adopt if the user has fewer than two keys";

export const notDeclarable = (problem: string) =>
  `a program cannot declare it: ${problem}; it stays outside the stack`;

export const tooManyKeys = (most: number) =>
  `a user can have ${most} AccessKeys; revoke those that are not used, then export again`;

export const sameAddress = (others: readonly string[]) =>
  `${others.join(", ")} has the same address but for the case, so that a stack could adopt the wrong one; both stay outside the stack, with their keys and buckets; delete the one that is not used, then export again`;

export const ownerNotFound = (ownerId: string) =>
  `its owner ${ownerId} is not in the list of users; track it with an ostor.Bucket without owner`;

export const environmentOnly = (reason: string) => `${reason}, so only the environment is used`;

export const noProject = "there is no Pulumi project here";

export const stackSource = (stack: string) => `stack ${stack}`;

export const stackWithoutSettings = (stack: string) =>
  environmentOnly(`stack ${stack} has no ostor settings`);

/** What was written, and where. */
export function written(
  paths: readonly string[],
  numbers: { users: number; keys: number; buckets: number },
  endpoint: string,
): string {
  const { users, keys, buckets } = numbers;
  const objects = [count(users, "user"), count(keys, "key"), count(buckets, "bucket")];
  return `Wrote ${paths.join(" and ")}: ${objects.join(", ")} of ${endpoint}.`;
}

export const settingsFrom = (source: string) => `Settings: ${source}.`;

export const notExported = (users: number) =>
  `Not exported: ${count(users, "user")} of the cluster's administration.`;

export const leftOutAbove = (number: number) => `Left out, as listed above: ${number}.`;

/** Releases 2.x return no states. */
export const withoutStates =
  "This service does not return which users are disabled: users are declared without a state, and pulumi up changes none.";

/** @param folder - as the import statement of a program names it */
export const nextImportStatement = (folder: string, preview: string, up: string) =>
  `Next: import ${folder}; in the program of the stack, then run: ${preview} && ${up}`;

export const nextImportFile = (importCommand: string, file: string, up: string) => [
  `Next: ${importCommand} --file ${file} --generate-code=false`,
  `Then remove ${file}, which contains secrets in plain text, and run ${up} with what --format ts or json writes.`,
];

export const nextPluginImportFile = (importCommand: string, file: string, preview: string) => [
  `Next: ${importCommand} --file ${file}`,
  `It prints a program that declares what was imported. Add it to the program of the stack, then run ${preview}.`,
];

/** Comments of the program that is written. */
export const tenantsComment = (endpoint: string) =>
  `// The tenants of ${endpoint}, as pulumi-ostor export found them.`;

export const leftOutComment = (what: string, why: string) => `// Left out: ${what}: ${why}`;
