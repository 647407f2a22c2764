import { createClient, type Client } from "../api/client";
import type { ApiBucket, ApiKey, ApiUser } from "../api/schemas";
import type { SendOptions } from "../api/send";
import type { Settings } from "../settings/settings";
import { warnOfUnsafe } from "../settings/unsafe";
import { warn } from "../text/print";
import { byProperty, type Adoption } from "./adoption";
import { bucketsByName, bucketsOf, createFindBucket, type Owner } from "./buckets";
import { createClaims, type Claims } from "./claims";
import type { Context } from "./context";
import { requireNoBuckets, type BucketPolicy } from "./deleteBuckets";
import { createDirectory, type IsExpected } from "./directory";
import { findKey, type FoundKey } from "./findKey";
import { generateKey, readSecret } from "./keys";
import { type Clock, createLateReads, type Visibility } from "./lateReads";
import { createLocks } from "./lock";
import { revokeFirstKey, revokeKey, revokeOwnKey } from "./revoke";
import { refuseClaimedKeys } from "./claimed";
import { requireRevocable, type LeavingPolicy, type OwnedKeys } from "./revocable";
import { refuseSigner } from "./signer";
import { userClaimed } from "./userMessages";
import { createUser, refuseExisting, removeUser, untilShown } from "./users";

/**
 * One run's view of a cluster: reads that are certain, and writes that are carried out exactly once. A read is certain when
 * stale reads, a load balancer's 404 and what this run wrote itself are accounted for.
 */
export interface Cluster {
  readonly settings: Settings;
  /** What the resources of this run declare; the front doors add to it. */
  readonly claims: Claims;
  /** How programs of this front door adopt an object, for messages. */
  readonly adoption: Adoption;
  /** Reads a user for a refresh; undefined only if it certainly does not exist. */
  findUser(emailAddress: string, isExpected: IsExpected): Promise<ApiUser | undefined>;
  /** As `findUser`, never from memory. */
  readUser(emailAddress: string, isExpected?: IsExpected): Promise<ApiUser | undefined>;
  /** Reads a user once, for a preview; undefined proves nothing. */
  peekUser(emailAddress: string): Promise<ApiUser | undefined>;
  /** As `peekUser`, by user id. */
  peekUserById(userId: string): Promise<ApiUser | undefined>;
  /** Locks a user, reads it and runs `work` on it. */
  withUser<T>(
    emailAddress: string,
    isExpected: IsExpected,
    work: (user: ApiUser | undefined) => Promise<T>,
  ): Promise<T>;
  /** As `withUser`; a user that this run created is passed as the run left it, without a read. */
  withKeyOwner<T>(
    emailAddress: string,
    isExpected: IsExpected,
    work: (user: ApiUser | undefined) => Promise<T>,
  ): Promise<T>;
  /** Locks an address and passes the user that has it, before one is created. */
  withAddress<T>(
    emailAddress: string,
    work: (existing: ApiUser | undefined) => Promise<T>,
  ): Promise<T>;
  createUser<T>(emailAddress: string, finish: (user: ApiUser) => Promise<T>): Promise<T>;
  /** Waits until the service shows a user that was just created. */
  untilShown(user: ApiUser): Promise<ApiUser>;
  /** Keeps a user that this run created, as the run left it: its first access key needs no read. */
  keepOwn(user: ApiUser): void;
  /** Whether this run created the user. */
  isCreated(userId: string): boolean;
  /** Notes a user that was adopted. */
  adopted(user: ApiUser): void;
  /** The address of a user that this run deleted because its resource was replaced. */
  replacedFrom(userId: string | undefined): string | undefined;
  /** The error that names a user that exists, and how to adopt it. */
  refuseExisting(existing: ApiUser, adopt?: string): Promise<Error>;
  setUserState(user: ApiUser, state: "enabled" | "disabled"): Promise<void>;
  /** @throws CodedError for the user whose key signs: disabled or deleted, it would lock this stack out */
  refuseSigner(user: ApiUser, operation: "disable" | "delete"): void;
  /** Deletes a user that owns no bucket. */
  deleteUser(user: ApiUser, policy: Omit<BucketPolicy, "readKeys">): Promise<void>;
  findKey(accessKeyId: string, emailAddress: string): Promise<FoundKey | undefined>;
  generateKey(user: ApiUser): Promise<ApiKey>;
  /** Revokes an access key, unless another resource of the program has it: then a warning says so. */
  revokeKey(user: ApiUser, accessKeyId: string): Promise<"revoked" | "claimed">;
  /** As `revokeKey`; returns `"kept"` for a user's last key, which some releases refuse to revoke. */
  revokeOwnKey(user: ApiUser, accessKeyId: string): Promise<"revoked" | "claimed" | "kept">;
  /** Refuses to revoke keys whose user may leave the stack in this run, if the deletion of that user would be refused. */
  requireRevocable(keys: OwnedKeys, policy: LeavingPolicy): Promise<void>;
  /** Revokes the access key that came with a new user; whether it certainly is revoked. */
  revokeFirstKey(user: ApiUser): Promise<boolean>;
  readSecret(emailAddress: string, accessKeyId: string): Promise<string | undefined>;
  bucketsOf(owner: Owner): Promise<ApiBucket[]>;
  findBucket(name: string): Promise<ApiBucket | undefined>;
  /** Lists the buckets of all users by name; twice if they are not as expected, because a list may be stale. */
  bucketsByName(
    isExpected: (buckets: ReadonlyMap<string, ApiBucket>) => boolean,
  ): Promise<ReadonlyMap<string, ApiBucket>>;
  listUsers(): Promise<ApiUser[]>;
  /** Lists the buckets of one user, or of all users. */
  listBuckets(ownerId?: string): Promise<ApiBucket[]>;
  /** Closes the connections. */
  close(): Promise<void>;
}

/** Whether the engine exited, by default never; how programs adopt, by default with `adopt`; for tests a client, shorter times and clocks. */
export interface ClusterOptions extends SendOptions {
  isLost?: () => boolean;
  adoption?: Adoption;
  visibility?: Visibility;
  clock?: Clock;
  client?: Client;
}

/**
 * Opens a run's view of a cluster; no request is sent yet.
 *
 * @throws Error when `caFile` cannot be read
 */
export function openCluster(settings: Settings, options: ClusterOptions = {}): Cluster {
  warnOfUnsafe(settings);
  const context = createContext(settings, options);
  const { claims, client, directory } = context;
  const lock = createLocks();
  const locked = <T>(emailAddress: string, work: () => Promise<T>) =>
    lock(emailAddress, () => {
      directory.change(emailAddress);
      return work();
    });
  return {
    settings,
    claims,
    adoption: context.adoption,
    findUser: (emailAddress, isExpected) => directory.find(emailAddress, isExpected),
    readUser: (emailAddress, isExpected) => directory.read(emailAddress, isExpected),
    peekUser: (emailAddress) => directory.peek(emailAddress),
    peekUserById: (userId) => client.getUserById(userId),
    withUser: (emailAddress, isExpected, work) =>
      locked(emailAddress, async () => work(await directory.read(emailAddress, isExpected))),
    withKeyOwner: (emailAddress, isExpected, work) =>
      lock(emailAddress, async () => {
        const own = directory.takeOwn(emailAddress);
        directory.change(emailAddress);
        const isUsable = own !== undefined && isExpected(own);
        return work(isUsable ? own : await directory.read(emailAddress, isExpected));
      }),
    withAddress: (emailAddress, work) =>
      locked(emailAddress, async () => work(await directory.holderOf(emailAddress))),
    createUser: (emailAddress, finish) => createUser(context, emailAddress, finish),
    untilShown: (user) => untilShown(context, user),
    keepOwn(user) {
      for (const { accessKeyId } of user.accessKeys) claims.create(accessKeyId);
      directory.keepOwn(user);
    },
    isCreated: (userId) => claims.isCreated(userId),
    adopted: (user) => {
      directory.adopted(user);
    },
    replacedFrom: (userId) =>
      userId !== undefined && claims.isGivenUp(userId) ? directory.deletedFrom(userId) : undefined,
    refuseExisting: (existing, adopt) => refuseExisting(context, existing, adopt),
    setUserState: ({ emailAddress }, state) =>
      state === "enabled" ? client.enableUser(emailAddress) : client.disableUser(emailAddress),
    refuseSigner: (user, operation) => {
      refuseSigner(settings, user, operation);
    },
    async deleteUser(user, policy) {
      const { userId, emailAddress } = user;
      if (claims.isClaimed(userId)) {
        warn(userClaimed(user, claims));
        return;
      }
      refuseClaimedKeys(claims, user);
      refuseSigner(settings, user, "delete");
      directory.change(emailAddress);
      // Not under the lock: the refusal waits there for revocations under way.
      const readKeys = () => locked(emailAddress, () => directory.peek(emailAddress));
      await requireNoBuckets(context, user, { ...policy, readKeys });
      await removeUser(context, userId, emailAddress);
    },
    findKey: (accessKeyId, emailAddress) => findKey(context, accessKeyId, emailAddress),
    generateKey: (user) => generateKey(context, user),
    revokeKey: (user, accessKeyId) => revokeKey(context, user, accessKeyId),
    requireRevocable: (keys, policy) => requireRevocable(context, keys, policy),
    revokeOwnKey: (user, accessKeyId) => revokeOwnKey(context, user, accessKeyId),
    revokeFirstKey: (user) => revokeFirstKey(context, user),
    readSecret: (emailAddress, accessKeyId) => readSecret(context, emailAddress, accessKeyId),
    bucketsOf: (owner) => bucketsOf(context, owner),
    findBucket: createFindBucket(client),
    bucketsByName: (isExpected) => bucketsByName(context, isExpected),
    listUsers: () => client.listUsers(),
    listBuckets: (ownerId) => client.listBuckets(ownerId),
    close: () => client.close(),
  };
}

function createContext(settings: Settings, options: ClusterOptions): Context {
  const client = options.client ?? createClient(settings, options);
  const lateReads = createLateReads(options.visibility, options.clock);
  const directory = createDirectory(client, lateReads, settings.maxConcurrency);
  return {
    settings,
    claims: createClaims(),
    client,
    lateReads,
    directory,
    adoption: options.adoption ?? byProperty,
    isLost: options.isLost ?? (() => false),
  };
}
