import type { ApiBucket, ApiUser } from "../api/schemas";
import { explained } from "../api/explain";
import { openCluster, type Cluster, type ClusterOptions } from "../cluster/cluster";
import { invalidSettings, settingsUnknown } from "../settings/messages";
import { parseSettings, type RawSettings } from "../settings/settings";
import { CodedError } from "../text/message";
import { bucketNotThere, oneOfAddressAndId, userNotFound } from "./messages";

/** A user as data, without secrets. */
export interface UserResult {
  emailAddress: string;
  /** 16 hexadecimal digits, assigned by the service. */
  userId: string;
  /** Absent if the release of the service does not return it. */
  state?: "enabled" | "disabled";
  ownerId?: string;
  flags: string[];
  /** Ids of the user's access keys, 0 to 2. Some releases omit them in the list of all users. */
  accessKeyIds: string[];
}

/** A bucket as data, with its sizes. */
export interface BucketResult {
  name: string;
  /** User id of the owner. */
  ownerId: string;
  /** ISO 8601, UTC. */
  creationDate: string;
  /** The size now. */
  currentBytes: number;
  /** The largest size so far. */
  hmaxBytes: number;
  /** Bytes × hours that were stored up to now; exact up to 2^53. */
  hIntegralByteHours: number;
  /** Hour of the last change of size, counted from the Unix epoch. */
  lastTsHours: number;
}

/** A user, by exactly one of both. */
export interface UserQuery {
  emailAddress?: string | undefined;
  userId?: string | undefined;
}

/** A bucket. */
export interface BucketQuery {
  name: string;
}

/** The owner of buckets, by e-mail address or user id; without it, all buckets. */
export interface BucketsQuery {
  user?: string | undefined;
}

/** The data sources. They run in the process of the program: the dynamic host has no functions. */
export interface Lookups {
  getUser(query: UserQuery): Promise<UserResult>;
  getUsers(): Promise<{ users: UserResult[] }>;
  getBucket(query: BucketQuery): Promise<BucketResult>;
  getBuckets(query: BucketsQuery): Promise<{ buckets: BucketResult[] }>;
}

const clusters = new Map<string, Cluster>();

/**
 * Opens the data sources of a cluster. Equal settings share one connection pool in a process.
 *
 * @param options - how a cluster is opened for the first time; for tests
 * @throws CodedError that names each setting that is missing or malformed, and the command that sets it. So do the functions.
 */
export function lookups(raw: RawSettings, options: ClusterOptions = {}): Lookups {
  const { settings, problems } = parseSettings(raw);
  if (!settings) throw problems ? invalidSettings(...problems) : settingsUnknown();
  const key = JSON.stringify(raw);
  const cluster = clusters.get(key) ?? openCluster(settings, options);
  clusters.set(key, cluster);
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      // No cause: the text contains the fix already, and an explanation of the cause would add it again.
      throw new CodedError(explained(error, settings));
    }
  };
  return {
    getUser: (query) => guarded(async () => userResult(await oneUser(cluster, query))),
    getUsers: () => guarded(async () => ({ users: (await cluster.listUsers()).map(userResult) })),
    getBucket: (query) => guarded(() => oneBucket(cluster, query)),
    getBuckets: (query) => guarded(async () => ({ buckets: await bucketsOf(cluster, query) })),
  };
}

async function oneUser(cluster: Cluster, { emailAddress, userId }: UserQuery): Promise<ApiUser> {
  if ((emailAddress === undefined) === (userId === undefined)) {
    throw oneOfAddressAndId();
  }
  const user =
    emailAddress === undefined
      ? await cluster.peekUserById(userId ?? "")
      : await cluster.readUser(emailAddress);
  if (user) return user;
  throw userNotFound(emailAddress ?? userId ?? "");
}

async function oneBucket(cluster: Cluster, { name }: BucketQuery): Promise<BucketResult> {
  const bucket = (await cluster.listBuckets()).find((each) => each.name === name);
  if (bucket) return bucketResult(bucket);
  throw bucketNotThere(name);
}

async function bucketsOf(cluster: Cluster, { user }: BucketsQuery): Promise<BucketResult[]> {
  const ownerId =
    user?.includes("@") === true ? (await oneUser(cluster, { emailAddress: user })).userId : user;
  return (await cluster.listBuckets(ownerId)).map(bucketResult);
}

function userResult(user: ApiUser): UserResult {
  const { emailAddress, userId, state, ownerId, flags, accessKeys } = user;
  return {
    emailAddress,
    userId,
    ...(state === undefined ? {} : { state }),
    ...(ownerId === undefined ? {} : { ownerId }),
    flags,
    accessKeyIds: accessKeys.map(({ accessKeyId }) => accessKeyId),
  };
}

function bucketResult(bucket: ApiBucket): BucketResult {
  return { ...bucket };
}
