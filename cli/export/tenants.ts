import { isDeepStrictEqual } from "node:util";
import type { ApiBucket, ApiUser } from "../../provider/api/schemas";
import type { Cluster } from "../../provider/cluster/cluster";
import { isSigner } from "../../provider/cluster/signer";
import { readAlone } from "../cluster";
import type { Progress } from "../comparison";
import { declare, folded, nameOf, type LeftOut, type Tenant } from "./declarable";
import { isPanelUser, isSystemUser } from "../orphans";

/** Whom to read. */
export interface Selection {
  matches: (emailAddress: string) => boolean;
  /** Whether that is everybody, so that what belongs to nobody is missing. */
  isEverybody: boolean;
  systemUsers: boolean;
  panelUsers: boolean;
  buckets: boolean;
}

/** What was read, by address. */
export interface Tenants {
  tenants: Tenant[];
  leftOut: LeftOut[];
  /** How many users of the cluster's own administration were passed over. */
  administrative: number;
}

/**
 * Reads the tenants of a cluster as they can be declared; nothing is changed.
 *
 * @throws NetworkError, ApiError, ShapeError; Error when the service goes on answering 404 for a user whom it lists
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
  const twins = twinsAmong(listed);
  const single = people.filter(({ emailAddress }) => !twins.has(folded(emailAddress)));
  const signer = listed.find((user) => isSigner(user, settings.accessKeyId));
  const read = await readEach(cluster, single, signer, progress);
  const users = read.filter(
    (user) => selection.systemUsers || !isSystemUser(user, settings.accessKeyId),
  );
  const leftOut = [
    ...people.flatMap((user) => asTwin(user, twins)),
    ...(selection.isEverybody ? buckets.filter(isOfNobody(listed)).map(ownerless) : []),
  ];
  const administrative = wanted.length - people.length + (read.length - users.length);
  return { ...declare(users, buckets, leftOut), administrative };
}

/** How many users are read alone, to see whether the list tells as much. */
const sampleSize = 3;

/**
 * Reads users with their keys. Where the list tells all that users tell alone, secrets included, it will do.
 *
 * @param signer - the system user who signs: of others alone nobody could see that a list tells no flags
 */
async function readEach(
  cluster: Cluster,
  listed: ApiUser[],
  signer: ApiUser | undefined,
  progress: Progress,
): Promise<ApiUser[]> {
  const told = listed.filter(({ accessKeys }) => accessKeys.length > 0 && accessKeys.every(isTold));
  const few = told.slice(0, sampleSize);
  if (few.length === 0) return readAlone(cluster, listed, progress);
  const sample = signer === undefined || few.includes(signer) ? few : [...few, signer];
  const alone = await readAlone(cluster, sample, () => undefined);
  if (!isDeepStrictEqual(alone, sample)) return readAlone(cluster, listed, progress);
  const known = new Set([...told, ...sample]);
  const rest = listed.filter((user) => !known.has(user));
  return [
    ...listed.filter((user) => known.has(user)),
    ...(await readAlone(cluster, rest, progress)),
  ];
}

function isTold({ secretAccessKey }: ApiUser["accessKeys"][number]): boolean {
  return secretAccessKey !== undefined;
}

function twinsAmong(listed: ApiUser[]): Map<string, ApiUser[]> {
  const all = new Map<string, ApiUser[]>();
  for (const user of listed) {
    const same = all.get(folded(user.emailAddress));
    if (same) same.push(user);
    else all.set(folded(user.emailAddress), [user]);
  }
  return new Map([...all].filter(([, same]) => same.length > 1));
}

function asTwin(user: ApiUser, twins: Map<string, ApiUser[]>): LeftOut[] {
  const same = twins.get(folded(user.emailAddress)) ?? [];
  const others = same.filter((each) => each !== user).map(nameOf);
  if (others.length === 0) return [];
  const why = `${others.join(", ")} has this address too, but for the case: one could be taken for the other, so both stay outside the stack, with their keys and buckets; delete the one that isn't used, and export again`;
  return [{ what: nameOf(user), why }];
}

function isOfNobody(listed: ApiUser[]): (bucket: ApiBucket) => boolean {
  const ids = new Set(listed.map(({ userId }) => userId));
  return ({ ownerId }) => !ids.has(ownerId);
}

function ownerless({ name, ownerId }: ApiBucket): LeftOut {
  const why = `its owner ${ownerId} isn't among the users; track it with an ostor.Bucket without owner`;
  return { what: `bucket ${name}`, why };
}
