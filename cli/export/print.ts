import { relative, resolve } from "node:path";
import type { LeftOut } from "./declarable";
import type { Exported, ExportOptions } from "./export";
import { engineFlags, isHere, printable, safeJson, shellWord } from "../lines";

/** Releases 2.x show no states. */
const withoutStates = `This service doesn't tell who is suspended: users are declared without a state, and up changes none.`;

/** One line for each thing that was left out. */
export function leftOutText(leftOut: readonly LeftOut[]): string {
  return leftOut
    .map(({ what, why }) => `pulumi-ostor: left out: ${printable(`${what}: ${why}`)}\n`)
    .join("");
}

/** What was written, and what to type next. */
export function exportedText(exported: Exported, options: ExportOptions): string {
  const { tenants, endpoint, paths, administrative, leftOut, source, tellsStates } = exported;
  const keys = tenants.reduce((sum, tenant) => sum + tenant.keys.length, 0);
  const buckets = tenants.reduce((sum, tenant) => sum + tenant.buckets.length, 0);
  const what = [counted(tenants.length, "user"), counted(keys, "key"), counted(buckets, "bucket")];
  const lines = [
    `Wrote ${paths.join(" and ")}: ${what.join(", ")} of ${endpoint}.`,
    `Settings: ${source}.`,
    ...(administrative > 0
      ? [`Passed over: ${counted(administrative, "user")} of the cluster's own administration.`]
      : []),
    ...(leftOut.length > 0 ? [`Left out, and named above: ${leftOut.length}.`] : []),
    ...(tellsStates ? [] : [withoutStates]),
  ];
  return `${[...lines.map(printable), ...next(paths[0] ?? "", options)].join("\n")}\n`;
}

/** Lines to be pasted: a blank of a folder's name must stay. */
function next(path: string, options: ExportOptions): string[] {
  const pulumi = (command: string) => ["pulumi", command, ...engineFlags(options)].join(" ");
  if (options.format !== "import") {
    return [
      `Next: import ${safeJson(folderOf(options))}; in the program of the stack, then run: ${pulumi("preview")} && ${pulumi("up")}`,
    ];
  }
  // With --cwd the engine reads paths from there.
  const file = shellWord(isHere(options.cwd) ? path : resolve(path));
  return [
    `Next: ${pulumi("import")} --file ${file} --generate-code=false`,
    `Then remove ${file}, which holds secrets in plain, and run ${pulumi("up")} with what --format ts or json writes.`,
  ];
}

/** As a program at the project's root imports it. */
function folderOf({ cwd, out }: ExportOptions): string {
  const folder = relative(resolve(cwd), resolve(cwd, out));
  return /^\.\.?(\/|$)/.test(folder) ? folder : `./${folder}`;
}

function counted(number: number, thing: string): string {
  return number === 1 ? `1 ${thing}` : `${number} ${thing}s`;
}
