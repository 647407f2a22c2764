import { isDeepStrictEqual } from "node:util";
import type { ApiBucket, ApiUser } from "../../provider/api/schemas";
import type { Cluster } from "../../provider/cluster/cluster";
import { isSigner } from "../../provider/cluster/signer";
import { readEachUser } from "../cluster";
import type { Progress } from "../comparison";
import { declare, folded, nameOf, type LeftOut, type Tenant } from "./declarable";
import { isPanelUser, isSystemUser } from "../orphans";
import { ownerNotFound, sameAddress } from "./messages";

/** Which users to read. */
export interface Selection {
  matches: (emailAddress: string) => boolean;
  /** Whether all users match, so that a bucket of an unknown owner is reported. */
  isUnfiltered: boolean;
  systemUsers: boolean;
  panelUsers: boolean;
  buckets: boolean;
}

/** What was read, sorted by address. */
export interface Tenants {
  tenants: Tenant[];
  leftOut: LeftOut[];
  /** How many users of the cluster's administration were not exported. */
  administrative: number;
}

/**
 * Reads the tenants of a cluster and what can be declared of them; changes nothing.
 *
 * @throws NetworkError, ApiError, ShapeError; CodedError if the service answers 404 for a user and still lists it
 */
export async function readTenants(
  cluster: Cluster,
  selection: Selection,
  progress: Progress,
): Promise<Tenants> {
  const { settings } = cluster;
  const [listed, buckets] = await Promise.all([
    cluster.listUsers(),
    selection.buckets ? cluster.listBuckets() : [],
  ]);
  const wanted = listed.filter(({ emailAddress }) => selection.matches(emailAddress));
  const people = wanted.filter((user) => selection.panelUsers || !isPanelUser(user));
  const duplicates = duplicatesAmong(listed);
  const single = people.filter(({ emailAddress }) => !duplicates.has(folded(emailAddress)));
  const signer = listed.find((user) => isSigner(user, settings.accessKeyId));
  const read = await readEach(cluster, single, signer, progress);
  const users = read.filter(
    (user) => selection.systemUsers || !isSystemUser(user, settings.accessKeyId),
  );
  const leftOut = [
    ...people.flatMap((user) => asDuplicate(user, duplicates)),
    ...(selection.isUnfiltered ? buckets.filter(hasUnknownOwner(listed)).map(withoutOwner) : []),
  ];
  const administrative = wanted.length - people.length + (read.length - users.length);
  return { ...declare(users, buckets, leftOut), administrative };
}

/** How many users are read one by one, to check whether the list is complete. */
const sampleSize = 3;

/**
 * Reads users with their keys. If the list contains all that a read of one user returns, secrets included, it is enough.
 *
 * @param signer - the system user whose key signs: only its flags show whether a list contains flags
 */
async function readEach(
  cluster: Cluster,
  listed: ApiUser[],
  signer: ApiUser | undefined,
  progress: Progress,
): Promise<ApiUser[]> {
  const complete = listed.filter(hasSecrets);
  const few = complete.slice(0, sampleSize);
  if (few.length === 0) return readEachUser(cluster, listed, progress);
  const sample = signer === undefined || few.includes(signer) ? few : [...few, signer];
  const read = await readEachUser(cluster, sample, () => undefined);
  if (!isDeepStrictEqual(read, sample)) return readEachUser(cluster, listed, progress);
  const known = new Set([...complete, ...sample]);
  const rest = listed.filter((user) => !known.has(user));
  return [
    ...listed.filter((user) => known.has(user)),
    ...(await readEachUser(cluster, rest, progress)),
  ];
}

function hasSecrets({ accessKeys }: ApiUser): boolean {
  return (
    accessKeys.length > 0 &&
    accessKeys.every(({ secretAccessKey }) => secretAccessKey !== undefined)
  );
}

/** Users whose addresses differ only in case, by the address in lower case. */
function duplicatesAmong(listed: ApiUser[]): Map<string, ApiUser[]> {
  const all = new Map<string, ApiUser[]>();
  for (const user of listed) {
    const same = all.get(folded(user.emailAddress));
    if (same) same.push(user);
    else all.set(folded(user.emailAddress), [user]);
  }
  return new Map([...all].filter(([, same]) => same.length > 1));
}

function asDuplicate(user: ApiUser, duplicates: Map<string, ApiUser[]>): LeftOut[] {
  const same = duplicates.get(folded(user.emailAddress)) ?? [];
  const others = same.filter((each) => each !== user).map(nameOf);
  if (others.length === 0) return [];
  return [{ what: nameOf(user), why: sameAddress(others) }];
}

function hasUnknownOwner(listed: ApiUser[]): (bucket: ApiBucket) => boolean {
  const ids = new Set(listed.map(({ userId }) => userId));
  return ({ ownerId }) => !ids.has(ownerId);
}

function withoutOwner({ name, ownerId }: ApiBucket): LeftOut {
  return { what: `bucket ${name}`, why: ownerNotFound(ownerId) };
}
