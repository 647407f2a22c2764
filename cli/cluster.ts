import { bulkhead } from "cockatiel";
import type { ApiBucket, ApiUser } from "../provider/api/schemas";
import { explain } from "../provider/api/explain";
import { openCluster, type Cluster } from "../provider/cluster/cluster";
import { collectSettings, parseSettings, type Settings } from "../provider/settings/settings";
import { PlainError } from "./pulumi";

/** A user of the cluster, and the names of its buckets. */
export interface ClusterUser extends ApiUser {
  buckets: string[];
}

/**
 * The settings as the provider reads them: a stack's configuration, then `OSTOR_*` for what it leaves out.
 *
 * @param source - where the configuration is from, for what is told
 * @param endpoint - from the command line; goes before both
 * @param at - flags that lead that command to the stack
 * @throws PlainError that tells the command that mends what is missing
 */
export function readSettings(
  config: Record<string, string>,
  source: string,
  endpoint: string | undefined,
  at: readonly string[],
): Settings {
  const raw = collectSettings((name) => config[name]);
  const given = endpoint === undefined ? {} : { endpoint: "--endpoint" };
  const asked = { ...raw, ...(endpoint !== undefined && { endpoint }) };
  const { settings, problems } = parseSettings(asked, { at, given });
  if (settings) return settings;
  throw new PlainError(`${source}: ${problems?.join("; ") ?? "the settings are not known"}`);
}

/** The endpoint that a stack's own configuration names, if it does. */
export function configuredEndpoint(config: Record<string, string>): string | undefined {
  const endpoint = config["ostor:endpoint"];
  return endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint).origin : undefined;
}

/**
 * Runs work with a run's view of a cluster, and closes its connections.
 *
 * @throws PlainError that tells what failed and the command that mends it, for the stack of these settings
 */
export async function withCluster<T>(
  settings: Settings,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const cluster = openCluster(settings);
  try {
    return await work(cluster);
  } catch (error) {
    throw error instanceof PlainError ? error : new PlainError(explain(error, settings));
  } finally {
    await cluster.close();
  }
}

/**
 * Reads everyone with keys and buckets; nothing is changed. Lists needn't show keys, so each user is asked for. One who
 * is answered with 404 is left out only when a second list doesn't hold the address either.
 *
 * @param progress - told how many of how many users were read
 * @throws NetworkError, ApiError, ShapeError; Error when the service goes on answering 404 for a user whom it lists
 */
export async function readUsers(
  cluster: Cluster,
  progress: (done: number, all: number) => void,
): Promise<ClusterUser[]> {
  const [listed, buckets] = await Promise.all([cluster.listUsers(), cluster.listBuckets()]);
  const bucketsOf = namesByOwner(buckets);
  const read = await readAlone(cluster, listed, progress);
  return read.map((user) => ({ ...user, buckets: bucketsOf.get(user.userId) ?? [] }));
}

/**
 * Asks for each of the listed users alone, which tells its keys. Who is gone by now is left out.
 *
 * @param progress - told how many of how many users were read
 * @throws NetworkError, ApiError, ShapeError; Error when the service goes on answering 404 for a user whom it lists
 */
export async function readAlone(
  cluster: Cluster,
  listed: readonly ApiUser[],
  progress: (done: number, all: number) => void,
): Promise<ApiUser[]> {
  const { settings } = cluster;
  // What waits for a connection uses up the time that one operation may take.
  const queue = bulkhead(settings.maxConcurrency, Number.POSITIVE_INFINITY);
  let done = 0;
  const read = await Promise.all(
    listed.map(({ emailAddress, userId }) =>
      queue.execute(async () => {
        const user = (await cluster.peekUserById(userId)) ?? (await cluster.readUser(emailAddress));
        progress((done += 1), listed.length);
        return user && { ...user, emailAddress };
      }),
    ),
  );
  return read.filter((user) => user !== undefined);
}

function namesByOwner(buckets: ApiBucket[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const { name, ownerId } of buckets) {
    names.set(ownerId, [...(names.get(ownerId) ?? []), name]);
  }
  return names;
}
