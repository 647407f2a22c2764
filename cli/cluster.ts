import { bulkhead } from "cockatiel";
import type { ApiBucket, ApiUser } from "../provider/api/schemas";
import { explained } from "../provider/api/explain";
import { openCluster, type Cluster, type ClusterOptions } from "../provider/cluster/cluster";
import { invalidSettings, settingsUnknown } from "../provider/settings/messages";
import { collectSettings, parseSettings, type Settings } from "../provider/settings/settings";
import { CodedError } from "../provider/text/message";

/** A user of the cluster, and the names of its buckets. */
export interface ClusterUser extends ApiUser {
  buckets: string[];
}

/**
 * The settings as the provider reads them: a stack's configuration, then `OSTOR_*` for what it does not contain.
 *
 * @param source - where the configuration comes from, for messages
 * @param endpoint - from the command line; overrides both
 * @param at - flags that select the stack, for printed commands
 * @throws CodedError with the command that sets what is missing
 */
export function readSettings(
  config: Record<string, string>,
  source: string,
  endpoint: string | undefined,
  at: readonly string[],
): Settings {
  const raw = collectSettings((name) => config[name]);
  const given = endpoint === undefined ? {} : { endpoint: "--endpoint" };
  const combined = { ...raw, ...(endpoint !== undefined && { endpoint }) };
  const { settings, problems } = parseSettings(combined, { at, given });
  if (settings) return settings;
  throw problems ? invalidSettings(`${source}: ${problems.join("; ")}`) : settingsUnknown();
}

/** The endpoint in a stack's own configuration, if there is one. */
export function configuredEndpoint(config: Record<string, string>): string | undefined {
  const endpoint = config["ostor:endpoint"];
  return endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint).origin : undefined;
}

/**
 * Runs work with a run's view of a cluster, and closes its connections.
 *
 * @throws CodedError with what failed and the command that fixes it for the stack of these settings
 */
export async function withCluster<T>(
  settings: Settings,
  options: ClusterOptions,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const cluster = openCluster(settings, options);
  try {
    return await work(cluster);
  } catch (error) {
    throw new CodedError(explained(error, settings));
  } finally {
    await cluster.close();
  }
}

/**
 * Reads all users with keys and buckets; changes nothing. A list need not contain keys, so each user is read. A user
 * for which the service answers 404 is left out only if a second list does not contain it either.
 *
 * @param progress - receives how many of how many users were read
 * @throws NetworkError, ApiError, ShapeError; CodedError if the service answers 404 for a user and still lists it
 */
export async function readUsers(
  cluster: Cluster,
  progress: (done: number, all: number) => void,
): Promise<ClusterUser[]> {
  const [listed, buckets] = await Promise.all([cluster.listUsers(), cluster.listBuckets()]);
  const bucketsOf = namesByOwner(buckets);
  const users = await readEachUser(cluster, listed, progress);
  return users.map((user) => ({ ...user, buckets: bucketsOf.get(user.userId) ?? [] }));
}

/**
 * Reads each listed user with its keys. A user that does not exist any more is left out.
 *
 * @param progress - receives how many of how many users were read
 * @throws NetworkError, ApiError, ShapeError; CodedError if the service answers 404 for a user and still lists it
 */
export async function readEachUser(
  cluster: Cluster,
  listed: readonly ApiUser[],
  progress: (done: number, all: number) => void,
): Promise<ApiUser[]> {
  const { settings } = cluster;
  // The time limit of a read includes the wait for a connection, so no more reads start than there are connections.
  const queue = bulkhead(settings.maxConcurrency, Number.POSITIVE_INFINITY);
  let done = 0;
  const users = await Promise.all(
    listed.map(({ emailAddress, userId }) =>
      queue.execute(async () => {
        const user = (await cluster.peekUserById(userId)) ?? (await cluster.readUser(emailAddress));
        progress((done += 1), listed.length);
        return user && { ...user, emailAddress };
      }),
    ),
  );
  return users.filter((user) => user !== undefined);
}

function namesByOwner(buckets: ApiBucket[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const { name, ownerId } of buckets) {
    names.set(ownerId, [...(names.get(ownerId) ?? []), name]);
  }
  return names;
}
