import type { Client } from "../provider/api/client";
import {
  configuredEndpoint,
  readSettings,
  readUsers,
  withClient,
  type ClusterUser,
} from "./cluster";
import type { Where } from "./lines";
import { findOrphans, isAdministrative, type Orphan } from "./orphans";
import { createPulumi, type Pulumi } from "./pulumi";
import { readStackState, type StackState } from "./stackState";

/** A stack that was compared. */
export interface ComparedStack {
  /** Absent for the selected stack. */
  name: string | undefined;
  /** The endpoint that it is configured for, where that is another one than was asked. */
  configuredFor: string | undefined;
}

/** A cluster compared with stacks. */
export interface Comparison {
  endpoint: string;
  stacks: ComparedStack[];
  users: ClusterUser[];
  orphans: Orphan[];
  /** Names that resources of the stacks have. */
  names: ReadonlySet<string>;
}

/** Shows how far a long reading is; nothing where nobody looks. */
export type Progress = (done: number, all: number) => void;

/**
 * Reads the stacks, then the cluster, and tells what is in none of the stacks. Work that follows gets the client.
 *
 * @throws PlainError, NetworkError, ApiError, ShapeError
 */
export async function compare<T>(
  where: Where,
  progress: Progress,
  work: (comparison: Comparison, client: Client) => Promise<T>,
): Promise<T> {
  const pulumi = createPulumi(where.cwd);
  const names = await stackNames(pulumi, where);
  const settings = await readSettings(pulumi, names[0], where.endpoint);
  const { endpoint } = settings;
  const stacks: ComparedStack[] = [];
  const states: StackState[] = [];
  for (const name of names) {
    states.push(readStackState(await pulumi.exportStack(name)));
    const configured = configuredEndpoint(await pulumi.config(name));
    stacks.push({ name, configuredFor: configured === endpoint ? undefined : configured });
  }
  return withClient(settings, async (client) => {
    const everyone = await readUsers(client, progress);
    const users = everyone.filter((user) => !isAdministrative(user, settings.accessKeyId));
    const orphans = findOrphans(users, states);
    const taken = new Set(states.flatMap((state) => state.names));
    return work({ endpoint, stacks, users, orphans, names: taken }, client);
  });
}

function stackNames(pulumi: Pulumi, { all, stack }: Where): Promise<(string | undefined)[]> {
  if (all) return pulumi.stacks();
  return Promise.resolve(stack.length === 0 ? [undefined] : stack);
}
