import type { ApiBucket, ApiUser } from "./api/schemas";
import { explain } from "./explain";
import { findUser } from "./presence";
import { createSession, type Session } from "./session";
import { parseSettings, type RawSettings } from "./settings";

/** A user as data, without secrets. */
export interface UserResult {
  emailAddress: string;
  /** 16 hexadecimal digits, given by the service. */
  userId: string;
  /** Absent where the service's generation doesn't tell it. */
  state?: "enabled" | "disabled";
  ownerId?: string;
  flags: string[];
  /** Ids of the user's key pairs, 0 to 2. Some generations leave them out of the list of all users. */
  accessKeyIds: string[];
}

/** A bucket as data, with its sizes. */
export interface BucketResult {
  name: string;
  /** User id of the owner. */
  ownerId: string;
  /** ISO 8601, UTC. */
  creationDate: string;
  /** What is stored now. */
  currentBytes: number;
  /** The most that was stored. */
  hmaxBytes: number;
  /** What was stored over time, up to now; exact up to 2^53. */
  hIntegralByteHours: number;
  /** Hour of the last change of size, counted from the Unix epoch. */
  lastTsHours: number;
}

/** Which user: exactly one of both. */
export interface UserQuery {
  emailAddress?: string | undefined;
  userId?: string | undefined;
}

/** Which bucket. */
export interface BucketQuery {
  name: string;
}

/** Whose buckets, by e-mail address or user id; everybody's without. */
export interface BucketsQuery {
  user?: string | undefined;
}

/** The data sources: they run in the program's own process, for the dynamic host offers no functions. */
export interface Lookups {
  getUser(query: UserQuery): Promise<UserResult>;
  getUsers(): Promise<{ users: UserResult[] }>;
  getBucket(query: BucketQuery): Promise<BucketResult>;
  getBuckets(query: BucketsQuery): Promise<{ buckets: BucketResult[] }>;
}

const sessions = new Map<string, Session>();

/**
 * The data sources of the cluster that some settings name. One connection pool per settings and process.
 *
 * @throws Error that tells which setting is missing or malformed, and the command that mends it
 */
export function lookups(raw: RawSettings): Lookups {
  const { settings, problems } = parseSettings(raw);
  if (!settings) throw new Error(problems?.join("; ") ?? "the settings of ostor are not known yet");
  const key = JSON.stringify(raw);
  const session = sessions.get(key) ?? createSession(settings);
  sessions.set(key, session);
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw new Error(explain(error, settings), { cause: error });
    }
  };
  return {
    getUser: (query) => guarded(async () => userResult(await oneUser(session, query))),
    getUsers: () =>
      guarded(async () => ({ users: (await session.client.listUsers()).map(userResult) })),
    getBucket: (query) => guarded(() => oneBucket(session, query)),
    getBuckets: (query) => guarded(async () => ({ buckets: await bucketsOf(session, query) })),
  };
}

async function oneUser(session: Session, { emailAddress, userId }: UserQuery): Promise<ApiUser> {
  if ((emailAddress === undefined) === (userId === undefined)) {
    throw new Error("getUser: give exactly one of emailAddress and userId");
  }
  const user =
    emailAddress === undefined
      ? await session.client.getUserById(userId ?? "")
      : await findUser(session, emailAddress);
  if (user) return user;
  throw new Error(
    `read user ${emailAddress ?? userId ?? ""}: there is no such user on the cluster`,
  );
}

async function oneBucket(session: Session, { name }: BucketQuery): Promise<BucketResult> {
  const bucket = (await session.client.listBuckets()).find((each) => each.name === name);
  if (bucket) return bucketResult(bucket);
  throw new Error(`read bucket ${name}: there is no such bucket on the cluster`);
}

async function bucketsOf(session: Session, { user }: BucketsQuery): Promise<BucketResult[]> {
  const ownerId =
    user?.includes("@") === true ? (await oneUser(session, { emailAddress: user })).userId : user;
  return (await session.client.listBuckets(ownerId)).map(bucketResult);
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
