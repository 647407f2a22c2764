import { ApiError } from "../../../provider/api/errors";
import type { ApiBucket } from "../../../provider/api/schemas";
import { isUnserved } from "../../../provider/cluster/buckets";
import type { Cluster } from "../../../provider/cluster/cluster";
import type { Difference } from "../difference";
import { bucketDifferences, isSameBucket, isSameUser, userDifferences } from "./differences";
import { reasons } from "./messages";
import { readOwners, type Owner } from "./readOwners";
import type { NotChecked, Recorded, RecordedStack } from "./recorded";

/** The result of the comparison of one stack. */
export interface Compared extends RecordedStack {
  differences: Difference[];
  /** How many resources were compared. */
  compared: number;
  /** Users at whose address is another user now. */
  replaced: { address: string; userId: string }[];
}

type Buckets = ReadonlyMap<string, ApiBucket> | undefined;

/**
 * Compares states with the cluster; changes nothing. Users and buckets are listed once for all stacks. A user is read on its
 * own if the list lacks something, or shows something else than the state.
 *
 * @throws NetworkError, ApiError, ShapeError; CodedError
 */
export async function compareStacks(
  cluster: Cluster,
  stacks: readonly RecordedStack[],
): Promise<Compared[]> {
  const { endpoint } = cluster.settings;
  const all = stacks
    .flatMap(({ recorded }) => recorded)
    .filter((each) => isOfCluster(each, endpoint));
  const [owners, buckets] = await Promise.all([
    readOwners(
      cluster,
      all.filter((each) => !isBucket(each)),
    ),
    readBuckets(cluster, all.filter(isBucket)),
  ]);
  return stacks.map((stack) => compareStack(stack, { endpoint, owners, buckets }));
}

/** What was read from the cluster. */
interface Found {
  endpoint: string;
  owners: ReadonlyMap<Recorded, Owner>;
  buckets: Buckets;
}

function compareStack(stack: RecordedStack, found: Found): Compared {
  const checked: Recorded[] = [];
  const notChecked: NotChecked[] = [...stack.notChecked];
  for (const each of stack.recorded) {
    const reason = uncheckedReason(each, found);
    if (reason === undefined) checked.push(each);
    else notChecked.push({ name: each.subject.name, reason });
  }
  return {
    ...stack,
    notChecked,
    compared: checked.length,
    replaced: checked.flatMap((each) => replacedUser(each, found.owners.get(each))),
    differences: checked.flatMap((each) => differencesOf(each, found)),
  };
}

function differencesOf(each: Recorded, { owners, buckets }: Found): Difference[] {
  if (isBucket(each)) return bucketDifferences(each, buckets?.get(bucketName(each)));
  const owner = owners.get(each);
  return owner === "unclear" ? [] : userDifferences(each, owner);
}

function uncheckedReason(each: Recorded, { endpoint, owners, buckets }: Found): string | undefined {
  if (!isOfCluster(each, endpoint)) return reasons.otherEndpoint(each.endpoint ?? "");
  if (isBucket(each)) return buckets === undefined ? reasons.noBuckets : undefined;
  if (!owners.has(each)) return reasons.secretAddress;
  return owners.get(each) === "unclear" ? reasons.unclear : undefined;
}

function isOfCluster(each: Recorded, endpoint: string): boolean {
  return (each.endpoint ?? endpoint) === endpoint;
}

function replacedUser(each: Recorded, owner: Owner): Compared["replaced"] {
  const address = each.subject.user;
  if (each.resource !== "User" || address === undefined) return [];
  if (owner === undefined || owner === "unclear" || isSameUser(each, owner)) return [];
  return [{ address, userId: owner.userId }];
}

/** Lists buckets; undefined if the service does not list them. */
async function readBuckets(cluster: Cluster, recorded: readonly Recorded[]): Promise<Buckets> {
  if (recorded.length === 0) return new Map();
  try {
    return await cluster.bucketsByName((found) =>
      recorded.every((each) => isSameBucket(each, found.get(bucketName(each)))),
    );
  } catch (error) {
    if (error instanceof ApiError && isUnserved(error)) return undefined;
    throw error;
  }
}

function isBucket({ resource }: Recorded): boolean {
  return resource === "Bucket";
}

function bucketName({ subject }: Recorded): string {
  return subject.id ?? "";
}
