// @ts-check
import { expect, expectOnlyOutsider, meddle, showCluster, tenants } from "./cluster.mjs";

/** What `--expect-no-changes` ends with when there are changes. */
const CHANGES = 7;

/**
 * The tenants are made.
 * @param {import("./workspace.mjs").Workspace} workspace
 * @param {import("./cluster.mjs").Cluster} cluster
 */
export async function makeTenants(workspace, cluster) {
  step("Three tenants: one with two access keys, one plain, one disabled; a bucket read as data");
  await workspace.pulumi(["up", "--yes"]);
  const states = tenants(cluster).map(({ state }) => state);
  expect(states.sort().join(" "), "disabled enabled enabled", "the tenants' states");
  showCluster(cluster);
}

/**
 * The cluster drifts, it is seen, it is repaired, all is removed.
 * @param {import("./workspace.mjs").Workspace} workspace
 * @param {import("./cluster.mjs").Cluster} cluster
 */
export async function driftAndRepair(workspace, cluster) {
  step("The same again: nothing changes");
  await workspace.pulumi(["up", "--yes", "--expect-no-changes"]);

  step("Somebody changes the cluster past Pulumi");
  const expectRepaired = meddle(cluster);
  showCluster(cluster);

  step(`The drift is seen, and a pipeline can tell by exit code ${CHANGES}`);
  await workspace.pulumi(["preview", "--refresh", "--diff", "--expect-no-changes"], CHANGES);
  console.log(`\nExit code ${CHANGES}, as it should be.`);

  step("The drift is repaired");
  await workspace.pulumi(["up", "--yes", "--refresh"]);
  expectRepaired();
  showCluster(cluster);

  step("Everything the program made is removed, and nothing else");
  await workspace.pulumi(["destroy", "--yes"]);
  expectOnlyOutsider(cluster);
  showCluster(cluster);
}

let steps = 0;

/** @param {string} title */
function step(title) {
  steps += 1;
  console.log(`\n${steps}. ${title}`);
}
