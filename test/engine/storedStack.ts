import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createEmulator,
  type Assumptions,
  type Cluster,
  type Emulator,
  type EmulatorOptions,
} from "../../emulator";
import { requireSuccess, type Stack } from "./harness";

/** The folder of the stored stacks. */
export const fixtures = join(__dirname, "../fixtures");

/**
 * The cluster that stored stacks belong to. Ids and secrets come from the seed. The clock stands still, so that a
 * bucket's creation date stays; hence no skew counts.
 */
export const emulated: EmulatorOptions = {
  profile: "seed",
  seed: 1,
  clock: () => Date.UTC(2026, 10, 23, 12),
  accessKeyId: "AKADMINISTRATOR",
  secretAccessKey: "secret-of-the-administrator-in-a-fixture",
  assumptions: { skewSeconds: 1e12 },
};

const anyEndpoint = "http://127.0.0.1:1";
/** Due for every period, on every machine's clock, and for 9999 weeks not due. */
const longAgo = "2020-01-01T00:00:00.000Z";

/** A deployment without what only this machine and run know. */
export function portable(deployment: string, endpoint: string): string {
  const known = JSON.parse(deployment.replaceAll(endpoint, anyEndpoint), (key, value: unknown) => {
    if (key === "sourcePosition" || key === "stackTrace") return undefined;
    return key === "rotatedAt" ? longAgo : value;
  }) as unknown;
  return `${JSON.stringify(known, null, 2)}\n`;
}

interface Deployment {
  pending_operations?: unknown;
}

/** Replaces the stack's state by a stored one, whose cluster is at this endpoint now. */
export async function importStored(stack: Stack, name: string, endpoint: string): Promise<void> {
  const file = join(stack.directory, "stack.json");
  const stored = readFileSync(join(fixtures, name), "utf8").replaceAll(anyEndpoint, endpoint);
  writeFileSync(file, stored);
  requireSuccess(await stack.pulumi(["stack", "import", "--file", file]));
  const { deployment } = JSON.parse(stored) as { deployment: Deployment };
  if (deployment.pending_operations !== undefined) restorePending(stack, deployment);
}

/** An import drops pending operations. An interrupted run leaves them in the file of the backend. */
function restorePending(stack: Stack, { pending_operations }: Deployment): void {
  const file = stateFile(stack);
  const state = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest: Deployment } };
  Object.assign(state.checkpoint.latest, { pending_operations });
  writeFileSync(file, JSON.stringify(state));
}

/** Where the backend keeps the state of a stack. */
export function stateFile({ directory }: Stack): string {
  return join(directory, "state/.pulumi/stacks/engine/dev.json");
}

/** By address: how many access keys the user was given since its creation, and how many of the newest are left. */
export type Keys = Record<string, readonly [given: number, left: number]>;

/** Creates users and keys as a run did: a user's id and its n-th key are the same for the same seed. */
export function replay(cluster: Cluster, keys: Keys): void {
  for (const [address, [given, left]] of Object.entries(keys)) {
    const keepNewest = (count: number) => {
      const present = cluster.user(address)?.accessKeys ?? [];
      for (const { accessKeyId } of present.slice(0, Math.max(0, present.length - count)))
        cluster.revokeKey(accessKeyId);
    };
    cluster.createUser(address);
    for (let count = 1; count < given; count += 1) {
      keepNewest(Math.max(0, left - 1));
      cluster.generateKey(address);
    }
    keepNewest(left);
  }
}

/** Users and keys of a cluster, to be compared: in one order, states by themselves. */
export function usersOf(cluster: Cluster) {
  const users = cluster.users().map(({ accessKeys, state: _, ...user }) => ({
    ...user,
    accessKeys: accessKeys.sort((a, b) => a.accessKeyId.localeCompare(b.accessKeyId)),
  }));
  return users.sort((a, b) => a.emailAddress.localeCompare(b.emailAddress));
}

/** What a cluster with these keys holds. */
export function expectedUsers(keys: Keys) {
  const { cluster } = createEmulator(emulated);
  replay(cluster, keys);
  return usersOf(cluster);
}

/** The ids of a user and of the key that it is created with. */
export function idsOf(address: string): { userId: string; firstKey: string } {
  const { userId, accessKeys } = createEmulator(emulated).cluster.createUser(address);
  return { userId, firstKey: accessKeys[0]?.accessKeyId ?? "" };
}

/** Puts another cluster in the place of the one that a test has, at the same endpoint. */
export async function renew(
  used: { emulator: Emulator },
  keys: Keys,
  assumptions: Partial<Assumptions> = {},
): Promise<void> {
  const port = Number(new URL(used.emulator.endpoint).port);
  await used.emulator.stop();
  const all = { ...emulated.assumptions, ...assumptions };
  used.emulator = createEmulator({ ...emulated, port, assumptions: all });
  await used.emulator.start();
  replay(used.emulator.cluster, keys);
}
