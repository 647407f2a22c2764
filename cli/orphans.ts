import type { ClusterUser } from "./cluster";
import type { StackState } from "./stackState";

/** A user, or a key pair, that is on the cluster and in no stack that was looked at. */
export interface Orphan {
  kind: "user" | "key";
  emailAddress: string;
  userId: string;
  /** Of a user those of its pairs that no stack holds, of a key its own id. */
  accessKeyIds: string[];
  state: string;
  buckets: string[];
  /** Whether a stack says that this user, or a key of it, is being created: by a run that was killed, or by one now. */
  wasInterrupted: boolean;
}

/** Compares users with what stacks hold. A user that no stack holds is listed once, its keys with it. */
export function findOrphans(users: ClusterUser[], states: StackState[]): Orphan[] {
  const userIds = new Set(states.flatMap((state) => state.userIds));
  const keyIds = new Set(states.flatMap((state) => state.keyIds));
  const interrupted = new Set(states.flatMap((state) => state.interrupted));
  return users.flatMap((user): Orphan[] => {
    const unknown = user.accessKeys
      .map(({ accessKeyId }) => accessKeyId)
      .filter((id) => !keyIds.has(id));
    const about = {
      emailAddress: user.emailAddress,
      userId: user.userId,
      state: user.state ?? "",
      buckets: user.buckets,
      wasInterrupted: interrupted.has(user.emailAddress.toLowerCase()),
    };
    const isHeld = userIds.has(user.userId);
    if (isHeld) return unknown.map((id) => ({ kind: "key", ...about, accessKeyIds: [id] }));
    return [{ kind: "user", ...about, accessKeyIds: unknown }];
  });
}

const panelDomain = "@s3.virtuozzo";

/** Whether a user belongs to the cluster's own administration, so that no stack is missing it. */
export function isAdministrative(user: ClusterUser, signingKeyId: string): boolean {
  const signs = user.accessKeys.some(({ accessKeyId }) => accessKeyId === signingKeyId);
  return signs || user.flags.includes("system") || user.emailAddress.endsWith(panelDomain);
}
