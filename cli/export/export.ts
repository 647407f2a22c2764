import { relative, resolve } from "node:path";
import picomatch from "picomatch";
import { withCluster } from "../cluster";
import type { Progress } from "../comparison";
import type { LeftOut } from "./declarable";
import { findSettings } from "./settings";
import { requireFree, writeFiles, type NewFile } from "./files";
import { importFile } from "./importFile";
import { withNames, type Export } from "./named";
import { loopText, tenantsJson } from "./programJson";
import { programText } from "./programText";
import { createPulumi, PlainError } from "../pulumi";
import { readTenants, type Selection } from "./tenants";

/** What is written. */
export type Format = "ts" | "json" | "import";

/** What the command line says. */
export interface ExportOptions {
  cwd: string;
  stack?: string;
  endpoint?: string;
  format: Format;
  out: string;
  force: boolean;
  /** Patterns of addresses, one of which must match; everybody without. */
  filter: string[];
  panelUsers: boolean;
  systemUsers: boolean;
  buckets: boolean;
}

/** What was done. */
export interface Exported extends Export {
  paths: string[];
  administrative: number;
  /** Where the settings come from. */
  source: string;
  /** Whether the service tells who is suspended. */
  tellsStates: boolean;
}

const fileNames: Record<Format, readonly string[]> = {
  ts: ["index.ts"],
  json: ["tenants.json", "index.ts"],
  import: ["import.json"],
};

/**
 * Reads a cluster and writes what declares its tenants; on the cluster nothing is changed.
 *
 * @param onLeftOut - told of all that can't be declared, before anything is written
 * @throws PlainError, NetworkError, ApiError, ShapeError
 */
export async function exportCluster(
  options: ExportOptions,
  progress: Progress,
  onLeftOut: (leftOut: LeftOut[]) => void,
): Promise<Exported> {
  const folder = resolve(options.cwd, options.out);
  const pulumi = createPulumi(options.cwd);
  requireFree(folder, fileNames[options.format], options.force);
  const found = await findSettings(pulumi, options);
  return withCluster(found.settings, async (cluster) => {
    const { administrative, ...read } = await readTenants(cluster, selectionOf(options), progress);
    const { endpoint } = found.settings;
    onLeftOut(read.leftOut);
    if (read.tenants.length === 0) throw nobody(endpoint, options);
    const exported = { ...read, endpoint, tenants: withNames(read.tenants) };
    const paths = writeFiles(folder, filesOf(options.format, exported));
    return {
      ...exported,
      administrative,
      source: found.source,
      paths: paths.map((path) => relative(process.cwd(), path)),
      tellsStates: read.tenants.some(({ state }) => state !== undefined),
    };
  });
}

function nobody(endpoint: string, { filter }: ExportOptions): PlainError {
  const who = filter.length === 0 ? "nobody there" : `nobody who matches ${filter.join(" or ")}`;
  return new PlainError(`export ${endpoint}: ${who} can be declared; nothing was written`);
}

function filesOf(format: Format, exported: Export): NewFile[] {
  const texts: Record<Format, () => string[]> = {
    ts: () => [programText(exported)],
    json: () => [tenantsJson(exported), loopText],
    import: () => [importFile(exported)],
  };
  return texts[format]().map((text, index) => ({
    name: fileNames[format][index] ?? "",
    text,
    isSecret: format === "import",
  }));
}

function selectionOf({ filter, systemUsers, panelUsers, buckets }: ExportOptions): Selection {
  // As a shell's pattern, but for paths: an address has no folders, and a dot at its beginning hides nothing.
  const isMatch = picomatch(filter, { flags: "is", dot: true, bash: true });
  const isEverybody = filter.length === 0;
  const matches = (emailAddress: string) => isEverybody || isMatch(emailAddress);
  return { matches, isEverybody, systemUsers, panelUsers, buckets };
}
