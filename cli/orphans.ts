import type { ApiUser } from "../provider/api/schemas";
import { isSigner } from "../provider/cluster/signer";
import type { ClusterUser } from "./cluster";
import type { StackState, UserResource } from "./stackState";

/** A user, or an access key, that is on the cluster and in none of the compared stacks. */
export interface Orphan {
  kind: "user" | "key";
  emailAddress: string;
  userId: string;
  /** Of a user, its keys that are in no stack. Of a key, its own id. */
  accessKeyIds: string[];
  /** Those of these keys whose secret the service does not return: an adopted key would stay partially created. */
  keysWithoutSecret: string[];
  /** Of a key, the resource of its user. */
  userResource?: UserResource;
  state: string;
  buckets: string[];
  /** Whether a key of this user is in a stack, even if the cluster does not return that key. */
  hasKeysInStacks: boolean;
  /** Stacks by whose state this user, or a key of it, is being created: by an interrupted run, or by one in progress. */
  beingCreatedIn: string[];
}

/** A key's id starts with its user's id. */
const userIdLength = 16;

/** What is in no stack, and the addresses of users that may be in one. */
export interface Found {
  orphans: Orphan[];
  undecided: string[];
}

/**
 * Compares users with stacks. A user that is in no stack is listed once, with its keys. What may be in a stack that
 * keeps ids secret is not an orphan.
 */
export function findOrphans(users: ClusterUser[], states: StackState[]): Found {
  const orphanOf = orphansIn(states);
  const secretUsers = new Set(states.flatMap((state) => state.secretUsers));
  const secretKeyOwners = new Set(states.flatMap((state) => state.secretKeyOwners));
  const isUndecided = ({ emailAddress, userId }: ClusterUser) =>
    secretUsers.has(emailAddress.toLowerCase()) || secretKeyOwners.has(userId);
  return {
    orphans: users.filter((user) => !isUndecided(user)).flatMap(orphanOf),
    undecided: users.filter(isUndecided).map(({ emailAddress }) => emailAddress),
  };
}

/** Finds the orphans of one user: itself, or its keys if it is in a stack. */
function orphansIn(states: StackState[]): (user: ClusterUser) => Orphan[] {
  const resources = new Map(states.flatMap((state) => [...state.users]));
  const keyIds = new Set(states.flatMap((state) => state.keyIds));
  const keyOwners = new Set([
    ...states.flatMap((state) => state.keyOwners),
    ...[...keyIds].map((id) => id.slice(0, userIdLength)),
  ]);
  return (user) => {
    const { emailAddress, userId, buckets, accessKeys } = user;
    const known = {
      ...{ emailAddress, userId, buckets, state: user.state ?? "" },
      // The cluster was read first: a state may contain a key that the cluster did not return yet.
      hasKeysInStacks:
        keyOwners.has(userId) || accessKeys.some(({ accessKeyId }) => keyIds.has(accessKeyId)),
      beingCreatedIn: stacksCreating(states, emailAddress.toLowerCase()),
    };
    const unknown = accessKeys.filter(({ accessKeyId }) => !keyIds.has(accessKeyId));
    const userResource = resources.get(userId);
    if (!userResource) return [{ kind: "user", ...known, ...keysOf(unknown) }];
    return unknown.map((key) => ({ kind: "key", ...known, userResource, ...keysOf([key]) }));
  };
}

function keysOf(keys: ClusterUser["accessKeys"]) {
  const withoutSecret = keys.filter(({ secretAccessKey }) => secretAccessKey === undefined);
  return {
    accessKeyIds: keys.map(({ accessKeyId }) => accessKeyId),
    keysWithoutSecret: withoutSecret.map(({ accessKeyId }) => accessKeyId),
  };
}

function stacksCreating(states: StackState[], address: string): string[] {
  return states
    .filter((state) => state.isSecretBeingCreated || state.beingCreated.includes(address))
    .map(({ stack }) => stack);
}

const panelDomain = "@s3.virtuozzo";

/** Whether a user belongs to the cluster's administration, which is in no stack. */
export function isAdministrative(user: ApiUser, signingKeyId: string): boolean {
  return isSystemUser(user, signingKeyId) || isPanelUser(user);
}

/** Whether it is a system user. Releases 2.x return no flags: there only the user whose key signs is known as one. */
export function isSystemUser(user: ApiUser, signingKeyId: string): boolean {
  return isSigner(user, signingKeyId) || user.flags.includes("system");
}

/** Whether the cluster's panel created the user for itself. */
export function isPanelUser({ emailAddress }: Pick<ApiUser, "emailAddress">): boolean {
  return emailAddress.endsWith(panelDomain);
}
