import { bulkhead } from "cockatiel";
import type { ApiUser } from "../../../provider/api/schemas";
import type { Cluster } from "../../../provider/cluster/cluster";
import { CodedError } from "../../../provider/text/message";
import { hasIds, hasProperties } from "./differences";
import type { Recorded } from "./recorded";

/** The user of a resource: undefined if it certainly does not exist, "unclear" if the service contradicts itself. */
export type Owner = ApiUser | "unclear" | undefined;

/**
 * Reads the users of recorded users and keys. A resource is missing in the result if its address is secret and no user has
 * its user id: only an address proves that a user does not exist.
 *
 * @throws NetworkError, ApiError, ShapeError; CodedError
 */
export async function readOwners(
  cluster: Cluster,
  recorded: readonly Recorded[],
): Promise<ReadonlyMap<Recorded, Owner>> {
  const groups = await byAddress(cluster, recorded);
  const owners = new Map<Recorded, Owner>();
  // The time limit of a read includes the wait for a connection, so no more reads start than there are connections.
  const queue = bulkhead(cluster.settings.maxConcurrency, Number.POSITIVE_INFINITY);
  let hasFailed = false;
  const readOne = async (address: string, group: readonly Recorded[]) => {
    // After a failure nothing more is read: the result is not used.
    if (hasFailed) return;
    const owner = await readOwner(cluster, address, group);
    for (const each of group) owners.set(each, owner);
  };
  const reading = [...groups].map(([address, group]) =>
    queue.execute(() => readOne(address, group)),
  );
  await Promise.all(reading).catch((error: unknown) => {
    hasFailed = true;
    throw error;
  });
  return owners;
}

/** One user that the service both lists and does not find hides nothing of the others. */
async function readOwner(cluster: Cluster, address: string, group: readonly Recorded[]) {
  return readUser(cluster, address, group).catch((error: unknown): Owner => {
    if (error instanceof CodedError && error.code === "user-unclear") return "unclear";
    throw isShown(group) ? error : withoutAddress(error, address);
  });
}

/** A list may be incomplete in ways that its first users do not show, so what differs in it is read again. */
async function readUser(cluster: Cluster, address: string, group: readonly Recorded[]) {
  const isExpected = (user: ApiUser) => group.every((each) => hasIds(each, user));
  const user = await cluster.findUser(address, isExpected);
  const isSame = !user || group.every((each) => hasProperties(each, user));
  return isSame ? user : cluster.readUser(address, isExpected);
}

/** Whether a resource shows the address; otherwise it is secret. */
function isShown(group: readonly Recorded[]): boolean {
  return group.some(({ subject }) => subject.user !== undefined);
}

/** Changes the message in place: the class and the other properties of a failure decide about its code and its fix. */
function withoutAddress(error: unknown, address: string): unknown {
  if (!(error instanceof Error)) return error;
  const escaped = [address, encodeURIComponent(address)].map((text) =>
    text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"),
  );
  error.message = error.message.replace(new RegExp(escaped.join("|"), "gi"), "(secret)");
  return error;
}

async function byAddress(cluster: Cluster, recorded: readonly Recorded[]) {
  const addresses = new Map<string, string>();
  for (const { userId, address } of recorded) {
    if (userId !== undefined && address !== undefined) addresses.set(userId, address);
  }
  const addressOf = ({ address, userId = "" }: Recorded) => address ?? addresses.get(userId);
  const unknown = new Set(
    recorded.filter((each) => addressOf(each) === undefined).map(({ userId }) => userId),
  );
  for (const { userId, emailAddress } of unknown.size > 0 ? await cluster.listUsers() : []) {
    if (unknown.has(userId)) addresses.set(userId, emailAddress);
  }
  const groups = new Map<string, Recorded[]>();
  for (const each of recorded) {
    const address = addressOf(each);
    if (address === undefined) continue;
    const group = groups.get(address);
    if (group) group.push(each);
    else groups.set(address, [each]);
  }
  return groups;
}
