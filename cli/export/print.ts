import { relative, resolve } from "node:path";
import { messageLine } from "../print";
import type { LeftOut } from "./declarable";
import type { Exported, ExportOptions } from "./export";
import { engineFlags, isHere, printable, safeJson } from "../lines";
import { shellWord } from "../../provider/text/shellWord";
import {
  leftOut as leftOutMessage,
  leftOutAbove,
  nextImportFile,
  nextImportStatement,
  nextPluginImportFile,
  notExported,
  settingsFrom,
  withoutStates,
  written,
} from "./messages";

/** One line for each thing that was left out. */
export function leftOutText(leftOut: readonly LeftOut[]): string {
  return leftOut.map(({ what, why }) => messageLine(leftOutMessage(what, why))).join("");
}

/** What was written, and the commands to run next. */
export function exportedText(exported: Exported, options: ExportOptions): string {
  const { tenants, endpoint, paths, administrative, leftOut, source, hasStates } = exported;
  const keys = tenants.reduce((sum, tenant) => sum + tenant.keys.length, 0);
  const buckets = tenants.reduce((sum, tenant) => sum + tenant.buckets.length, 0);
  const lines = [
    written(paths, { users: tenants.length, keys, buckets }, endpoint),
    settingsFrom(source),
    ...(administrative > 0 ? [notExported(administrative)] : []),
    ...(leftOut.length > 0 ? [leftOutAbove(leftOut.length)] : []),
    ...(hasStates ? [] : [withoutStates]),
  ];
  return `${[...lines.map(printable), ...nextSteps(paths[0] ?? "", options)].join("\n")}\n`;
}

/** Lines to paste, so the names of folders are not changed. */
function nextSteps(path: string, options: ExportOptions): string[] {
  const pulumi = (command: string) => ["pulumi", command, ...engineFlags(options)].join(" ");
  if (options.format === "ts" || options.format === "json") {
    return [nextImportStatement(safeJson(folderOf(options)), pulumi("preview"), pulumi("up"))];
  }
  // With --cwd the engine resolves paths from that folder.
  const file = shellWord(isHere(options.cwd) ? path : resolve(path));
  if (options.format === "import-plugin") {
    return nextPluginImportFile(pulumi("import"), file, pulumi("preview"));
  }
  return nextImportFile(pulumi("import"), file, pulumi("up"));
}

/** The folder as a program at the project's root imports it. */
function folderOf({ cwd, out }: ExportOptions): string {
  const folder = relative(resolve(cwd), resolve(cwd, out));
  return /^\.\.?(\/|$)/.test(folder) ? folder : `./${folder}`;
}
