import { relative, resolve } from "node:path";
import picomatch from "picomatch";
import type { ClusterOptions } from "../../provider/cluster/cluster";
import { withCluster } from "../cluster";
import type { Progress } from "../comparison";
import type { LeftOut } from "./declarable";
import { findSettings } from "./settings";
import { requireNewFiles, writeFiles, type NewFile } from "./files";
import { importFile, pluginImportFile } from "./importFile";
import { withNames, type Export } from "./named";
import { loopText, tenantsJson } from "./programJson";
import { programText } from "./programText";
import { createPulumi } from "../pulumi";
import { nothingToExport } from "./messages";
import { readTenants, type Selection } from "./tenants";

/** The kind of files to write. */
export type Format = "ts" | "json" | "import" | "import-plugin";

/** The options of the command line. */
export interface ExportOptions {
  cwd: string;
  stack?: string;
  endpoint?: string;
  format: Format;
  out: string;
  force: boolean;
  /** Patterns of addresses, one of which must match; empty for all users. */
  filter: string[];
  panelUsers: boolean;
  systemUsers: boolean;
  buckets: boolean;
}

/** The result of an export. */
export interface Exported extends Export {
  paths: string[];
  /** How many users of the cluster's administration were not exported. */
  administrative: number;
  /** Where the settings come from. */
  source: string;
  /** Whether the service returns the states of users. */
  hasStates: boolean;
}

const fileNames: Record<Format, readonly string[]> = {
  ts: ["index.ts"],
  json: ["tenants.json", "index.ts"],
  import: ["import.json"],
  "import-plugin": ["import.json"],
};

/**
 * Reads a cluster and writes what declares its tenants; changes nothing on the cluster.
 *
 * @param onLeftOut - receives what cannot be declared, before anything is written
 * @throws CodedError
 */
export async function exportCluster(
  options: ExportOptions,
  clusterOptions: ClusterOptions,
  progress: Progress,
  onLeftOut: (leftOut: LeftOut[]) => void,
): Promise<Exported> {
  const folder = resolve(options.cwd, options.out);
  const pulumi = createPulumi(options.cwd);
  requireNewFiles(folder, fileNames[options.format], options.force);
  const found = await findSettings(pulumi, options);
  return withCluster(found.settings, clusterOptions, async (cluster) => {
    const { administrative, ...read } = await readTenants(cluster, selectionOf(options), progress);
    const { endpoint } = found.settings;
    onLeftOut(read.leftOut);
    if (read.tenants.length === 0) throw nothingToExport(endpoint, options.filter);
    const exported = { ...read, endpoint, tenants: withNames(read.tenants) };
    const paths = writeFiles(folder, filesOf(options.format, exported));
    return {
      ...exported,
      administrative,
      source: found.source,
      paths: paths.map((path) => relative(process.cwd(), path)),
      hasStates: read.tenants.some(({ state }) => state !== undefined),
    };
  });
}

function filesOf(format: Format, exported: Export): NewFile[] {
  const texts: Record<Format, () => string[]> = {
    ts: () => [programText(exported)],
    json: () => [tenantsJson(exported), loopText],
    import: () => [importFile(exported)],
    "import-plugin": () => [pluginImportFile(exported)],
  };
  return texts[format]().map((text, index) => ({
    name: fileNames[format][index] ?? "",
    text,
    isSecret: format === "import",
  }));
}

function selectionOf({ filter, systemUsers, panelUsers, buckets }: ExportOptions): Selection {
  // Patterns of a shell, without the rules for paths: an address has no folders, and no dot at its start hides it.
  const isMatch = picomatch(filter, { flags: "is", dot: true, bash: true });
  const isUnfiltered = filter.length === 0;
  const matches = (emailAddress: string) => isUnfiltered || isMatch(emailAddress);
  return { matches, isUnfiltered, systemUsers, panelUsers, buckets };
}
