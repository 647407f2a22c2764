import { readSettings, readUsers, withClient, type ClusterUser } from "./cluster";
import type { Client } from "../provider/api/client";
import { findOrphans, isAdministrative, type Orphan } from "./orphans";
import { createPulumi } from "./pulumi";
import { readStackState, type StackState } from "./stackState";

/** What a command line says of where to look. */
export interface Where {
  /** Names of stacks; empty for the selected one. */
  stack: string[];
  cwd: string;
  endpoint?: string;
}

/** A cluster compared with stacks. */
export interface Comparison {
  endpoint: string;
  users: ClusterUser[];
  orphans: Orphan[];
}

/** Shows how far a long reading is; nothing where nobody looks. */
export type Progress = (done: number, all: number) => void;

/**
 * Reads the stacks, then the cluster, and tells what is in none of the stacks. Work that follows gets the client.
 *
 * @throws PlainError, NetworkError, ApiError, ShapeError
 */
export async function compare<T>(
  { stack, cwd, endpoint }: Where,
  progress: Progress,
  work: (comparison: Comparison, client: Client) => Promise<T>,
): Promise<T> {
  const pulumi = createPulumi(cwd);
  const stacks = stack.length === 0 ? [undefined] : stack;
  const settings = await readSettings(pulumi, stacks[0], endpoint);
  const states: StackState[] = [];
  for (const name of stacks) {
    states.push(readStackState(await pulumi.exportStack(name), settings.endpoint));
  }
  return withClient(settings, async (client) => {
    const everyone = await readUsers(client, progress);
    const users = everyone.filter((user) => !isAdministrative(user, settings.accessKeyId));
    const orphans = findOrphans(users, states);
    return work({ endpoint: settings.endpoint, users, orphans }, client);
  });
}
