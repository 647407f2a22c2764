// @ts-check
import { changeOutsidePulumi, expect, expectOnlyUnmanaged, tenants } from "./cluster.mjs";
import { printCluster, printIndented, printStep } from "./print.mjs";

/** @typedef {import("./workspace.mjs").Workspace} Workspace */
/** @typedef {import("./cluster.mjs").Cluster} Cluster */

/**
 * @param {Workspace} workspace
 * @param {Cluster} cluster
 */
export async function createTenants(workspace, cluster) {
  printStep("Create three tenants and two access keys, and track a bucket that exists");
  await workspace.pulumi(["up", "--yes"]);
  const states = tenants(cluster).map(({ state }) => state);
  expect(states.sort().join(" "), "disabled enabled enabled", "the tenants' states");
  await printCluster(cluster);
}

/**
 * Changes the cluster outside Pulumi, detects and repairs the drift, and deletes everything.
 * @param {Workspace} workspace
 * @param {Cluster} cluster
 */
export async function driftAndRepair(workspace, cluster) {
  printStep("Run the same program again: nothing changes");
  await workspace.pulumi(["up", "--yes", "--expect-no-changes"]);

  printStep("Someone changes the cluster outside Pulumi");
  const { lines, expectRepaired } = changeOutsidePulumi(cluster);
  printIndented(lines.join("\n"));
  await printCluster(cluster);

  printStep("Detect the drift: a pipeline reads the exit code and the report");
  await workspace.detectDrift();

  printStep("Repair the drift");
  await workspace.pulumi(["up", "--yes", "--refresh"]);
  expectRepaired();
  await printCluster(cluster);

  printStep("Delete everything that the program created, and nothing else");
  await workspace.pulumi(["destroy", "--yes"]);
  expectOnlyUnmanaged(cluster);
  await printCluster(cluster);
}
