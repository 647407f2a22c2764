// @ts-check
import { createRequire } from "node:module";

import { PlainError } from "../plainError.mjs";

const UNMANAGED_USER = "warehouse@storage.example";
const UNMANAGED_BUCKET = "inventory";

/** @typedef {import("../../emulator/index.js").Cluster} Cluster */

/**
 * Starts an emulated cluster with a user and a bucket that the program does not create.
 * @returns {Promise<import("../../emulator/index.js").Emulator>}
 */
export async function startCluster() {
  // Setup compiles it, so it cannot be imported at the top.
  /** @type {typeof import("../../emulator/index.js")} */
  const { createEmulator } = createRequire(import.meta.url)("pulumi-ostor/emulator");
  const emulator = createEmulator({});
  await emulator.start();
  const { cluster } = emulator;
  cluster.createUser(UNMANAGED_USER);
  cluster.createBucket(UNMANAGED_BUCKET, UNMANAGED_USER);
  cluster.putObject(UNMANAGED_BUCKET, "2026/pallets.csv", "shelf,pallets\nA1,12\nB4,7\n");
  cluster.putObject(UNMANAGED_BUCKET, "readme.txt", "Counted each Monday.\n");
  return emulator;
}

/**
 * The users that the program created.
 * @param {Cluster} cluster
 */
export function tenants(cluster) {
  return cluster.users().filter(({ emailAddress }) => emailAddress !== UNMANAGED_USER);
}

/**
 * Disables a tenant and revokes a key of another one.
 * @param {Cluster} cluster
 * @returns {{ lines: string[], expectRepaired: () => void }} What was changed, and a check that throws
 *   unless it is repaired.
 */
export function changeOutsidePulumi(cluster) {
  const enabled = tenants(cluster).filter(({ state }) => state === "enabled");
  const withKeys = enabled.find(({ accessKeys }) => accessKeys.length > 1);
  const other = enabled.find((user) => user !== withKeys);
  const key = withKeys?.accessKeys[0];
  if (!withKeys || !other || !key) {
    throw new PlainError(
      "The demo failed: the program did not create an enabled user with two keys and another enabled user.",
    );
  }
  cluster.setUserState(other.emailAddress, "disabled");
  cluster.revokeKey(key.accessKeyId);
  return {
    lines: [
      `user ${other.emailAddress}: disabled`,
      `key ${key.accessKeyId} of ${withKeys.emailAddress}: revoked`,
    ],
    expectRepaired() {
      expect(cluster.user(other.emailAddress)?.state, "enabled", `${other.emailAddress}'s state`);
      const keys = cluster.user(withKeys.emailAddress)?.accessKeys.length;
      expect(keys, withKeys.accessKeys.length, `the number of ${withKeys.emailAddress}'s keys`);
    },
  };
}

/**
 * Throws unless everything that the program created is deleted and everything else is still there.
 * @param {Cluster} cluster
 */
export function expectOnlyUnmanaged(cluster) {
  const users = cluster.users().map(({ emailAddress }) => emailAddress);
  expect(users.join(" "), UNMANAGED_USER, "the list of users");
  const buckets = cluster.buckets().map(({ name, objects }) => `${name} ${objects.length}`);
  expect(buckets.join(" "), `${UNMANAGED_BUCKET} 2`, "the list of buckets and objects");
}

/**
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} what
 */
export function expect(actual, expected, what) {
  if (actual === expected) return;
  throw new PlainError(
    `The demo failed: on the cluster, ${what} is "${actual}" instead of "${expected}".`,
  );
}
