import { setTimeout as sleep } from "node:timers/promises";
import { bulkhead } from "cockatiel";
import type { ApiBucket, ApiUser } from "./api/schemas";
import { createClient, type Client } from "./api/client";
import type { SendOptions } from "./api/send";
import { createClaims, type Claims } from "./claims";
import { createRoster, type Roster } from "./roster";
import { findUser } from "./presence";
import type { Settings } from "./settings";
import { createSnapshot, type Snapshot } from "./snapshot";
import { warnOfUnsafe } from "./unsafe";

/** What the lifecycles of one engine run share: the client, what was listed, and one queue per user's keys. */
export interface Session {
  readonly settings: Settings;
  readonly client: Client;
  /** All users, asked once until something is written. */
  listedUsers(): Promise<ApiUser[]>;
  /** What `read` of users and keys was told, until something is written. */
  readonly snapshot: Snapshot;
  /** Who has an address for sure, so that no creation takes over somebody. */
  readonly roster: Roster;
  /** All buckets, asked once until something is written. */
  listedBuckets(): Promise<ApiBucket[]>;
  /** Runs a change to what `listed…` tells: an answer from before it is not used after it. */
  change<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Runs changes to one user's keys one at a time, so that each sees which pair is its own. The first change to a
   * user that this run made is given it as it was left, and needn't read it.
   */
  changeKeys<T>(emailAddress: string, work: (made?: ApiUser) => Promise<T>): Promise<T>;
  /** Users that this run made, as it left them, by address. */
  readonly made: Map<string, ApiUser>;
  /** What the resources of this run say of users and keys: deleting, revoking and adopting respect it. */
  readonly claims: Claims;
  /**
   * Waits until reads can't miss any more what an earlier run wrote. A run waits at its beginning only.
   *
   * @returns whether it waited: what was read before is to be read again
   */
  settle(): Promise<boolean>;
  /** True once nobody is left who records what a call makes: send nothing more that makes something. */
  isLost(): boolean;
  readonly visibility: Visibility;
}

/** How long reads may be late, in milliseconds; the service's guides tell of no bound. */
export interface Visibility {
  /** How long a write of this run is looked for. Default 10,000. */
  patienceMs: number;
  /** The first pause between looks; each is twice the one before. Default 100. */
  pauseMs: number;
  /** How long after its beginning a run may still read what was before the last one. Default 5,000. */
  settleMs: number;
}

/** Whether the engine is lost, by default never; shorter times, of tests. */
export interface SessionOptions extends SendOptions {
  isLost?: () => boolean;
  visibility?: Visibility;
}

const defaultVisibility: Visibility = { patienceMs: 10_000, pauseMs: 100, settleMs: 5000 };

/**
 * Opens a session on a cluster; no request is sent yet.
 *
 * @throws Error when `caFile` can't be read
 */
export function createSession(settings: Settings, options: SessionOptions = {}): Session {
  warnOfUnsafe(settings);
  const client = createClient(settings, options);
  const users = remembered(() => client.listUsers());
  const buckets = remembered(() => client.listBuckets());
  const snapshot = createSnapshot({
    list: () => {
      users.forget();
      return users.get();
    },
    ask: (emailAddress) => findUser(session, emailAddress),
    width: settings.maxConcurrency,
  });
  const queues = new Map<string, ReturnType<typeof bulkhead>>();
  const forget = () => {
    users.forget();
    buckets.forget();
  };
  const visibility = options.visibility ?? defaultVisibility;
  const settledAt = performance.now() + visibility.settleMs;
  const settled = remembered(async () => {
    await sleep(Math.max(0, settledAt - performance.now()));
    forget();
    snapshot.forget();
  });
  const change = async <T>(work: () => Promise<T>) => {
    forget();
    snapshot.end();
    return work().finally(forget);
  };
  const made = new Map<string, ApiUser>();
  const session: Session = {
    settings,
    client,
    made,
    claims: createClaims(),
    isLost: options.isLost ?? (() => false),
    settle: async () => {
      if (performance.now() >= settledAt) return false;
      await settled.get();
      return true;
    },
    visibility,
    listedUsers: users.get,
    snapshot,
    roster: createRoster(() => client.listUsers()),
    listedBuckets: buckets.get,
    change,
    changeKeys(emailAddress, work) {
      const key = emailAddress.toLowerCase();
      const queue = queues.get(key) ?? bulkhead(1, Number.POSITIVE_INFINITY);
      queues.set(key, queue);
      return queue.execute(() => {
        const user = made.get(emailAddress);
        made.delete(emailAddress);
        return change(() => work(user));
      });
    },
  };
  return session;
}

/** Asks once and keeps the answer, not a failure, until told to forget. */
function remembered<T>(ask: () => Promise<T>): { get: () => Promise<T>; forget: () => void } {
  let answer: Promise<T> | undefined;
  return {
    get() {
      if (answer) return answer;
      const asked = ask();
      answer = asked;
      asked.catch(() => {
        if (answer === asked) answer = undefined;
      });
      return asked;
    },
    forget() {
      answer = undefined;
    },
  };
}
