// @ts-check
import { createRequire } from "node:module";

import { PlainError } from "../plainError.mjs";

const OUTSIDER = "warehouse@storage.example";
const BUCKET = "inventory";

/** @typedef {import("../../emulator/index.js").Cluster} Cluster */

/**
 * Starts an emulated cluster that holds what the program didn't make: a user with a bucket.
 * @returns {Promise<import("../../emulator/index.js").Emulator>}
 */
export async function startCluster() {
  // Set-up may just have compiled it, so it can't be imported at the top.
  /** @type {typeof import("../../emulator/index.js")} */
  const { createEmulator } = createRequire(import.meta.url)("pulumi-ostor/emulator");
  const emulator = createEmulator({});
  await emulator.start();
  emulator.cluster.createUser(OUTSIDER);
  emulator.cluster.createBucket(BUCKET, OUTSIDER);
  emulator.cluster.putObject(BUCKET, "2026/pallets.csv", "shelf,pallets\nA1,12\nB4,7\n");
  emulator.cluster.putObject(BUCKET, "readme.txt", "Counted each Monday.\n");
  return emulator;
}

/**
 * The users the program made.
 * @param {Cluster} cluster
 */
export function tenants(cluster) {
  return cluster.users().filter(({ emailAddress }) => emailAddress !== OUTSIDER);
}

/**
 * Shows what the cluster holds, as the cluster sees it.
 * @param {Cluster} cluster
 */
export function showCluster(cluster) {
  const buckets = cluster.buckets();
  console.log("The cluster now holds:");
  const rows = cluster.users().map(({ emailAddress, userId, state, accessKeys }) => {
    const keys = accessKeys.map(({ accessKeyId }) => accessKeyId).join(" ");
    const owned = buckets
      .filter(({ ownerId }) => ownerId === userId)
      .map(({ name, objects }) => `${name} (${objects.length} objects)`);
    return [emailAddress, { state, "access keys": keys, buckets: owned.join(" ") }];
  });
  console.table(Object.fromEntries(rows));
}

/**
 * Changes the cluster past the program: disables a tenant and revokes a key of another.
 * @param {Cluster} cluster
 * @returns {() => void} Throws unless the cluster is again as it was.
 */
export function meddle(cluster) {
  const enabled = tenants(cluster).filter(({ state }) => state === "enabled");
  const customer = enabled.find(({ accessKeys }) => accessKeys.length > 1);
  const victim = enabled.filter((user) => user !== customer).at(-1);
  const key = customer?.accessKeys[0];
  if (!customer || !victim || !key) {
    throw new PlainError(
      "The demo failed: the program should make an enabled user with two keys, and another one.",
    );
  }
  cluster.setUserState(victim.emailAddress, "disabled");
  cluster.revokeKey(key.accessKeyId);
  console.log(`Somebody disabled ${victim.emailAddress}.`);
  console.log(`Somebody revoked ${key.accessKeyId}, a key of ${customer.emailAddress}.`);
  return () => {
    expect(cluster.user(victim.emailAddress)?.state, "enabled", `${victim.emailAddress}'s state`);
    const keys = cluster.user(customer.emailAddress)?.accessKeys.length;
    expect(keys, customer.accessKeys.length, `the number of ${customer.emailAddress}'s keys`);
  };
}

/**
 * Throws unless all that the program made is gone and all else is there.
 * @param {Cluster} cluster
 */
export function expectOnlyOutsider(cluster) {
  const users = cluster.users().map(({ emailAddress }) => emailAddress);
  expect(users.join(" "), OUTSIDER, "the list of users");
  const held = cluster.buckets().map(({ name, objects }) => `${name} ${objects.length}`);
  expect(held.join(" "), `${BUCKET} 2`, "the list of buckets and objects");
}

/**
 * @param {unknown} is
 * @param {unknown} shouldBe
 * @param {string} what
 */
export function expect(is, shouldBe, what) {
  if (is === shouldBe) return;
  throw new PlainError(`The demo failed: on the cluster, ${what} is "${is}", not "${shouldBe}".`);
}
