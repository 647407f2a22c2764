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
 * The cluster that the stored stacks belong to. Ids and secrets come from the seed. The clock is stopped, so that the
 * creation date of a bucket stays the same; therefore any clock skew is allowed.
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
/** Due for every period on every machine's clock, except for a period of 9999 weeks. */
const longAgo = "2020-01-01T00:00:00.000Z";

/** Returns a deployment without the values that are specific to this machine and run. */
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

/** Replaces the stack's state by a stored one, with this endpoint. */
export async function importStored(stack: Stack, name: string, endpoint: string): Promise<void> {
  const file = join(stack.directory, "stack.json");
  const stored = readFileSync(join(fixtures, name), "utf8").replaceAll(anyEndpoint, endpoint);
  writeFileSync(file, stored);
  requireSuccess(await stack.pulumi(["stack", "import", "--file", file]));
  const { deployment } = JSON.parse(stored) as { deployment: Deployment };
  if (deployment.pending_operations !== undefined) restorePending(stack, deployment);
}

/** Writes pending operations to the backend's file, as an interrupted run does. An import drops them. */
function restorePending(stack: Stack, { pending_operations }: Deployment): void {
  const file = stateFile(stack);
  const state = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest: Deployment } };
  Object.assign(state.checkpoint.latest, { pending_operations });
  writeFileSync(file, JSON.stringify(state));
}

/** The file in which the backend stores the state of a stack. */
export function stateFile({ directory }: Stack): string {
  return join(directory, "state/.pulumi/stacks/engine/dev.json");
}

/** By address: how many access keys were generated since the user's creation, and how many of the newest remain. */
export type Keys = Record<string, readonly [generated: number, remaining: number]>;

/** Creates users and keys as a run does: a user's id and its n-th key are the same for the same seed. */
export function replay(cluster: Cluster, keys: Keys): void {
  for (const [address, [generated, remaining]] of Object.entries(keys)) {
    const keepNewest = (count: number) => {
      const present = cluster.user(address)?.accessKeys ?? [];
      for (const { accessKeyId } of present.slice(0, Math.max(0, present.length - count)))
        cluster.revokeKey(accessKeyId);
    };
    cluster.createUser(address);
    for (let count = 1; count < generated; count += 1) {
      keepNewest(Math.max(0, remaining - 1));
      cluster.generateKey(address);
    }
    keepNewest(remaining);
  }
}

/** Users and keys of a cluster in a fixed order, for comparison, without the states of users. */
export function usersOf(cluster: Cluster) {
  const users = cluster.users().map(({ accessKeys, state: _, ...user }) => ({
    ...user,
    accessKeys: accessKeys.sort((a, b) => a.accessKeyId.localeCompare(b.accessKeyId)),
  }));
  return users.sort((a, b) => a.emailAddress.localeCompare(b.emailAddress));
}

/** The users of a cluster with these keys. */
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

/** Replaces the cluster of a test by a new one at the same endpoint. */
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
