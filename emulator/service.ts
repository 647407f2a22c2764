import { hostname } from "node:os";

import { type Assumptions, defaultAssumptions } from "./assumptions";
import { BucketTable } from "./bucketTable";
import { createIds, type Ids, randomSeed } from "./ids";
import type { EmulatorOptions } from "./options";
import { profiles } from "./profiles";
import { type AccessKey, type User, UserTable } from "./userTable";

/** Everything the handlers and the cluster share. */
export interface Service {
  readonly assumptions: Assumptions;
  /** Lower-case names of the emulator. A subdomain names a bucket. */
  readonly hostNames: readonly string[];
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly ids: Ids;
  readonly seed: number;
  /** Derives ids from another seed from now on. */
  reseed(seed: number): void;
  readonly users: UserTable;
  readonly buckets: BucketTable;
  /** Counts created users per address and keys per user, so that each gets a new id. */
  readonly counts: Map<string, number>;
}

/** Address of the system user. On the service, a command line tool creates such users. */
export const systemAddress = "admin@ostor.example";

/** Creates a service with only the system user. */
export function createService(options: EmulatorOptions): Service {
  const assumptions = {
    ...defaultAssumptions,
    ...profiles[options.profile ?? "seed"],
    ...options.assumptions,
  };
  const clock = options.clock ?? Date.now;
  let seed = options.seed ?? randomSeed();
  let ids = createIds(seed);
  const users = new UserTable(assumptions.lagMs, clock);
  const buckets = new BucketTable(assumptions.lagMs, clock);
  users.put(createSystemUser(ids, assumptions.systemFlag, options));
  return {
    assumptions,
    hostNames: hostNamesOf(options),
    clock,
    get ids() {
      return ids;
    },
    get seed() {
      return seed;
    },
    reseed(other) {
      seed = other;
      ids = createIds(other);
    },
    users,
    buckets,
    counts: new Map(),
  };
}

/** Whether this user may make management calls. */
export function isSystemUser(user: User): boolean {
  return user.emailAddress === systemAddress;
}

/** Counts from 0 for each name. */
export function nextCount(service: Service, name: string): number {
  const count = service.counts.get(name) ?? 0;
  service.counts.set(name, count + 1);
  return count;
}

/** The current access key of the system user. */
export function systemCredentials(service: Service): AccessKey {
  const key = service.users.get(systemAddress)?.accessKeys[0];
  if (key === undefined) throw new Error("the system user has no access key");
  return key;
}

/** Replaces the access key of the system user. */
export function setSystemCredentials(service: Service, key: AccessKey): void {
  const user = service.users.get(systemAddress);
  if (user) service.users.put({ ...user, accessKeys: [key] });
}

function hostNamesOf({ host, hostNames = [] }: EmulatorOptions): string[] {
  const names = ["localhost", hostname(), ...(host === undefined ? [] : [host]), ...hostNames];
  return names.map((name) => name.toLowerCase());
}

function createSystemUser(ids: Ids, flag: string, options: EmulatorOptions): User {
  const userId = ids.userId(systemAddress, 0);
  const accessKeyId = options.accessKeyId ?? ids.accessKeyId(userId, 0);
  const secretAccessKey = options.secretAccessKey ?? ids.secretAccessKey(accessKeyId);
  return {
    emailAddress: systemAddress,
    userId,
    state: "enabled",
    flags: [flag],
    accessKeys: [{ accessKeyId, secretAccessKey }],
  };
}
