// @ts-check
import { once } from "node:events";

import { startCluster } from "./demo/cluster.mjs";
import { driftAndRepair, makeTenants } from "./demo/story.mjs";
import { Workspace } from "./demo/workspace.mjs";
import { isHelpAsked } from "./help.mjs";
import { interrupted, main } from "./processes.mjs";
import { root, setup } from "./setup.mjs";

const HELP = `Usage: npm start [-- --keep]

Shows the whole story on an emulated cluster: tenants are made, the cluster drifts, it is seen, repaired,
and all is removed. It touches no account, no stack and no cluster of yours.

  --keep  stop after the first up, leave the cluster running, and print the lines to go on by hand
  --help  print this text`;

await main(async () => {
  const flags = process.argv.slice(2);
  if (isHelpAsked(flags, HELP)) return 0;
  const unknown = flags.find((flag) => flag !== "--keep");
  if (unknown !== undefined) {
    console.error(`npm start doesn't know ${unknown}; its one flag is: npm start -- --keep`);
    return 2;
  }
  const engine = await setup();
  const emulator = await startCluster();
  const workspace = await Workspace.create(root, engine);
  try {
    await demonstrate(workspace, emulator, flags.includes("--keep"));
  } finally {
    await emulator.stop();
    await workspace.remove();
  }
  return 0;
});

/**
 * @param {Workspace} workspace
 * @param {import("../emulator/index.js").Emulator} emulator
 * @param {boolean} keep
 */
async function demonstrate(workspace, emulator, keep) {
  const { endpoint, credentials, cluster } = emulator;
  console.log(`\nAn emulated cluster listens on ${endpoint}. Pulumi ${workspace.engine.version}.`);
  await workspace.configure({
    plain: { "ostor:endpoint": endpoint, "ostor:accessKeyId": credentials.accessKeyId },
    secret: { "ostor:secretAccessKey": credentials.secretAccessKey },
  });
  await makeTenants(workspace, cluster);
  if (keep) return await waitForCtrlC(workspace);
  await driftAndRepair(workspace, cluster);
  console.log(
    '\nDone; nothing is left behind. "npm start -- --keep" keeps the cluster to play with.',
  );
}

/** @param {Workspace} workspace */
async function waitForCtrlC(workspace) {
  console.log("\nThe cluster stays until Ctrl-C. To go on, in another terminal:\n");
  console.log([`cd "${root}"`, ...workspace.shellLines()].join("\n"));
  const commands = ["preview --refresh --diff", "up --refresh", "destroy"];
  const lines = commands.map((command) => `pulumi ${command} ${workspace.flags.join(" ")}`);
  console.log(["", "pulumi stack output --show-secrets --stack demo", ...lines].join("\n"));
  if (!interrupted.aborted) await once(interrupted, "abort");
}
