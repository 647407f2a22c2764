import { relative, resolve } from "node:path";
import type { LeftOut } from "./declarable";
import type { Exported, ExportOptions, Format } from "./export";
import { printable } from "../lines";

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
    ...next(options.format, paths[0] ?? "", folderOf(options)),
  ];
  return `${lines.map(printable).join("\n")}\n`;
}

function next(format: Format, path: string, folder: string): string[] {
  if (format !== "import") {
    return [
      `Next: import "${folder}"; in the program of the stack, then pulumi preview, then pulumi up.`,
    ];
  }
  return [
    `Next: pulumi import --file ${path} --generate-code=false`,
    `Then remove ${path}, which holds secrets in plain, and run pulumi up with what --format ts or json writes.`,
  ];
}

/** As a program at the project's root imports it. */
function folderOf({ cwd, out }: ExportOptions): string {
  const folder = relative(resolve(cwd), resolve(cwd, out));
  return folder.startsWith(".") ? folder : `./${folder}`;
}

function counted(number: number, thing: string): string {
  return number === 1 ? `1 ${thing}` : `${number} ${thing}s`;
}
