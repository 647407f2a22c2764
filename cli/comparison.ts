import type { Cluster } from "../provider/cluster/cluster";
import {
  configuredEndpoint,
  readSettings,
  readUsers,
  withCluster,
  type ClusterUser,
} from "./cluster";
import { engineFlags, type Where } from "./lines";
import { findOrphans, isAdministrative, type Orphan } from "./orphans";
import { createPulumi, PlainError, type Pulumi } from "./pulumi";
import { readStackState, type StackState } from "./stackState";

/** A stack that was compared. */
export interface ComparedStack {
  name: string;
  /** The endpoint that it is configured for, where that is another one than was asked. */
  configuredFor: string | undefined;
}

/** A cluster compared with stacks. */
export interface Comparison {
  endpoint: string;
  stacks: ComparedStack[];
  users: ClusterUser[];
  orphans: Orphan[];
  /** Addresses of users of whom it can't be told, for a stack keeps the ids secret: they count as held. */
  undecided: string[];
  /** Names that resources of the stacks have. */
  names: ReadonlySet<string>;
}

/** Shows how far a long reading is; nothing where nobody looks. */
export type Progress = (done: number, all: number) => void;

/**
 * Reads the cluster, then the stacks, and tells what is in none of the stacks. Work that follows gets the cluster.
 * In this order, what a run makes meanwhile is either not seen on the cluster, or seen in its stack as well: the
 * engine records a creation before it begins.
 *
 * @throws PlainError, NetworkError, ApiError, ShapeError
 */
export async function compare<T>(
  where: Where,
  progress: Progress,
  work: (comparison: Comparison, cluster: Cluster) => Promise<T>,
): Promise<T> {
  const pulumi = createPulumi(where.cwd);
  const { names, isSelected } = await stackNames(pulumi, where);
  const [first = ""] = names;
  const at = engineFlags({ cwd: where.cwd, stack: isSelected ? undefined : first });
  const config = await pulumi.config(first);
  const settings = readSettings(config, `stack ${first}`, where.endpoint, at);
  return withCluster(settings, async (cluster) => {
    const everyone = await readUsers(cluster, progress);
    const users = everyone.filter((user) => !isAdministrative(user, settings.accessKeyId));
    const { endpoint } = settings;
    const read = await readStacks(pulumi, names, endpoint);
    const taken = new Set(read.states.flatMap((state) => state.names));
    const found = findOrphans(users, read.states);
    return work({ endpoint, stacks: read.stacks, users, ...found, names: taken }, cluster);
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

/** Of a stack of another project the engine would read the file of the same name in this one. */
export function isFullName(name: string): boolean {
  return name.split("/").length === 3;
}

/**
 * Every stack of the project, whatever is named besides: who is in one of them is no orphan. The first one's settings are
 * used, which is the selected one where none is named.
 */
async function stackNames(
  pulumi: Pulumi,
  { stack }: Where,
): Promise<{ names: string[]; isSelected: boolean }> {
  const listed = stack.length > 0 && !pulumi.isProject() ? [] : await pulumi.stacks();
  const selected = listed.filter(({ current }) => current);
  const names = [...stack, ...[...selected, ...listed].map(({ name }) => name)];
  if (names.length === 0) throw new PlainError("list the stacks of the project: it has none");
  return { names: [...new Set(names)], isSelected: stack.length === 0 && selected.length > 0 };
}
