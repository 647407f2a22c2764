import type { Cluster, ClusterOptions } from "../provider/cluster/cluster";
import {
  configuredEndpoint,
  readSettings,
  readUsers,
  withCluster,
  type ClusterUser,
} from "./cluster";
import { engineFlags, type StackOptions } from "./lines";
import { noStacks } from "./messages";
import { findOrphans, isAdministrative, type Orphan } from "./orphans";
import { createPulumi, type Pulumi } from "./pulumi";
import { readStackState, type StackState } from "./stackState";

/** A stack, and for which cluster it is configured. */
export interface ComparedStack {
  name: string;
  /** The endpoint in its configuration, if it differs from the endpoint of the comparison. */
  configuredFor: string | undefined;
}

/** What a cluster contains, and what of it is in no stack. */
export interface Comparison {
  endpoint: string;
  stacks: ComparedStack[];
  users: ClusterUser[];
  orphans: Orphan[];
  /** Addresses of users that may be in a stack that keeps ids secret. They are not orphans. */
  undecided: string[];
  /** Names of all resources in the stacks. */
  names: ReadonlySet<string>;
  /** Whether the plugin manages all users and keys of the stacks, so that orphans are imported. */
  isOfPlugin: boolean;
}

/** Prints the progress of a long read, on a terminal only. */
export type Progress = (done: number, all: number) => void;

/**
 * Finds users and keys of the cluster that are in none of the stacks. The cluster is read first: the engine records a
 * creation before it starts, so the stack of a run in progress contains everything that was read from the cluster.
 *
 * @param work - uses the comparison while the connections to the cluster are open
 * @throws CodedError
 */
export async function compare<T>(
  options: StackOptions,
  clusterOptions: ClusterOptions,
  progress: Progress,
  work: (comparison: Comparison, cluster: Cluster) => Promise<T>,
): Promise<T> {
  const pulumi = createPulumi(options.cwd);
  const { names, isSelected } = await stackNames(pulumi, options);
  const [first = ""] = names;
  const at = engineFlags({ cwd: options.cwd, stack: isSelected ? undefined : first });
  const config = await pulumi.config(first);
  const settings = readSettings(config, `stack ${first}`, options.endpoint, at);
  return withCluster(settings, clusterOptions, async (cluster) => {
    const everyone = await readUsers(cluster, progress);
    const users = everyone.filter((user) => !isAdministrative(user, settings.accessKeyId));
    const { endpoint } = settings;
    const { stacks, states } = await readStacks(pulumi, names, endpoint);
    const resourceNames = new Set(states.flatMap((state) => state.names));
    const families = new Set(states.flatMap((state) => state.families));
    const isOfPlugin = families.has("plugin") && !families.has("dynamic");
    const found = findOrphans(users, states);
    const comparison = { endpoint, stacks, users, ...found, names: resourceNames, isOfPlugin };
    return work(comparison, cluster);
  });
}

async function readStacks(pulumi: Pulumi, names: string[], endpoint: string) {
  const stacks: ComparedStack[] = [];
  const states: StackState[] = [];
  for (const name of names) {
    states.push(readStackState(name, await pulumi.exportStack(name)));
    const configured = isFullName(name)
      ? undefined
      : configuredEndpoint(await pulumi.plainConfig(name));
    stacks.push({ name, configuredFor: configured === endpoint ? undefined : configured });
  }
  return { stacks, states };
}

/** Whether a name includes organization and project: such a stack may have its configuration in another folder. */
export function isFullName(name: string): boolean {
  return name.split("/").length === 3;
}

/**
 * The stacks to compare: first those of `--stack`, then all stacks of the project, beginning with the selected one. The
 * first one provides the settings.
 */
async function stackNames(
  pulumi: Pulumi,
  { stack }: StackOptions,
): Promise<{ names: string[]; isSelected: boolean }> {
  const listed = stack.length > 0 && !pulumi.isProject() ? [] : await pulumi.stacks();
  const selected = listed.filter(({ current }) => current);
  const names = [...stack, ...[...selected, ...listed].map(({ name }) => name)];
  if (names.length === 0) throw noStacks();
  return { names: [...new Set(names)], isSelected: stack.length === 0 && selected.length > 0 };
}
