import type { ApiUser } from "../provider/api/schemas";
import { isSigner } from "../provider/cluster/signer";
import type { ClusterUser } from "./cluster";
import type { Holder, StackState } from "./stackState";

/** A user, or a key pair, that is on the cluster and in no stack that was looked at. */
export interface Orphan {
  kind: "user" | "key";
  emailAddress: string;
  userId: string;
  /** Of a user those of its pairs that no stack holds, of a key its own id. */
  accessKeyIds: string[];
  /** Those of these whose secret the service doesn't tell: adopted, they would never be whole. */
  untoldKeys: string[];
  /** Of a key the resource that holds its user. */
  heldBy?: Holder;
  state: string;
  buckets: string[];
  /** Whether a stack holds a pair of this user, one that the cluster doesn't show among them. */
  hasHeldKeys: boolean;
  /** Stacks that say that this user, or a key of it, is being made: by a run that was killed, or by one now. */
  interruptedIn: string[];
}

/** A pair's id begins with its user's. */
const userIdLength = 16;

/** What is in no stack, and addresses of users of whom that can't be told. */
export interface Found {
  orphans: Orphan[];
  undecided: string[];
}

/**
 * Compares users with what stacks hold. A user that no stack holds is listed once, its keys with it. What a stack
 * may hold, for it keeps the ids secret, is no orphan.
 */
export function findOrphans(users: ClusterUser[], states: StackState[]): Found {
  const holders = new Map(states.flatMap((state) => [...state.users]));
  const keyIds = new Set(states.flatMap((state) => state.keyIds));
  const keyOwners = new Set([
    ...states.flatMap((state) => state.keyOwners),
    ...[...keyIds].map((id) => id.slice(0, userIdLength)),
  ]);
  const hidden = new Set(states.flatMap((state) => state.hidden));
  const hiddenIds = new Set(states.flatMap((state) => state.hiddenIds));
  const interruptedIn = (address: string) =>
    states
      .filter((state) => state.hidesInterrupted || state.interrupted.includes(address))
      .map(({ stack }) => stack);
  const addressOf = ({ emailAddress }: ClusterUser) => emailAddress.toLowerCase();
  // The cluster was read first: a state may hold a pair that it didn't show yet.
  const hasHeldKeys = ({ userId, accessKeys }: ClusterUser) =>
    keyOwners.has(userId) || accessKeys.some(({ accessKeyId }) => keyIds.has(accessKeyId));
  const orphansOf = (user: ClusterUser): Orphan[] => {
    const unknown = user.accessKeys
      .map(({ accessKeyId }) => accessKeyId)
      .filter((id) => !keyIds.has(id));
    const untold = user.accessKeys
      .filter(({ secretAccessKey }) => secretAccessKey === undefined)
      .map(({ accessKeyId }) => accessKeyId);
    const about = {
      emailAddress: user.emailAddress,
      userId: user.userId,
      state: user.state ?? "",
      buckets: user.buckets,
      hasHeldKeys: hasHeldKeys(user),
      interruptedIn: interruptedIn(addressOf(user)),
    };
    const heldBy = holders.get(user.userId);
    const withKeys = (accessKeyIds: string[]) => ({
      accessKeyIds,
      untoldKeys: accessKeyIds.filter((id) => untold.includes(id)),
    });
    if (heldBy) return unknown.map((id) => ({ kind: "key", ...about, heldBy, ...withKeys([id]) }));
    return [{ kind: "user", ...about, ...withKeys(unknown) }];
  };
  const isUndecided = (user: ClusterUser) =>
    hidden.has(addressOf(user)) || hiddenIds.has(user.userId);
  return {
    orphans: users.filter((user) => !isUndecided(user)).flatMap(orphansOf),
    undecided: users.filter(isUndecided).map(({ emailAddress }) => emailAddress),
  };
}

const panelDomain = "@s3.virtuozzo";

/** Whether a user belongs to the cluster's own administration, so that no stack is missing it. */
export function isAdministrative(user: ApiUser, signingKeyId: string): boolean {
  return isSystemUser(user, signingKeyId) || isPanelUser(user);
}

/** Whether it is a system user. Releases 2.x tell no flags: there only the one whose key signs is known for one. */
export function isSystemUser(user: ApiUser, signingKeyId: string): boolean {
  return isSigner(user, signingKeyId) || user.flags.includes("system");
}

/** Whether the cluster's own panel made the user for itself. */
export function isPanelUser({ emailAddress }: Pick<ApiUser, "emailAddress">): boolean {
  return emailAddress.endsWith(panelDomain);
}
