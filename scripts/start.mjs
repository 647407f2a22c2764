// @ts-check
import { once } from "node:events";

import { startCluster } from "./demo/cluster.mjs";
import { createTenants, driftAndRepair } from "./demo/story.mjs";
import { Workspace } from "./demo/workspace.mjs";
import { isHelpAsked } from "./help.mjs";
import { interrupted, main } from "./processes.mjs";
import { root, setup } from "./setup.mjs";

const HELP = `Usage: npm start [-- --keep] [--verbose]

Runs a demo on an emulated cluster: creates tenants, changes the cluster outside Pulumi, detects and repairs
the drift, and deletes everything. It does not use your Pulumi account, your stacks or a real cluster.

  --keep     stop after the first up, keep the cluster running, and print the commands to continue
  --verbose  print everything that the engine prints
  --help     print this text`;

const OPTIONS = ["--keep", "--verbose"];

const NEXT = `
Done. Everything that the demo created is deleted. Next:
  npm start -- --keep     keep the cluster and the stack, and continue in your own terminal
  npm start -- --verbose  print everything that the engine prints
  npm run emulator        start an empty emulated cluster for your own program
Read examples/quickstart/index.ts, the program of this demo, and docs/tutorial.md.`;

await main(async () => {
  const flags = process.argv.slice(2);
  if (isHelpAsked(flags, HELP)) return 0;
  const unknown = flags.find((flag) => !OPTIONS.includes(flag));
  if (unknown !== undefined) {
    console.error(`npm start: unknown option ${unknown}; the options are ${OPTIONS.join(" and ")}`);
    return 2;
  }
  const engine = await setup();
  const emulator = await startCluster();
  const workspace = await Workspace.create(root, engine, flags.includes("--verbose"));
  try {
    await runDemo(workspace, emulator, flags.includes("--keep"));
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
async function runDemo(workspace, emulator, keep) {
  const { endpoint, credentials, cluster } = emulator;
  console.log(`Emulated cluster: ${endpoint}. Engine: Pulumi ${workspace.engine.version}.`);
  await workspace.configure({
    plain: { "ostor:endpoint": endpoint, "ostor:accessKeyId": credentials.accessKeyId },
    secret: { "ostor:secretAccessKey": credentials.secretAccessKey },
  });
  await createTenants(workspace, cluster);
  if (keep) return await waitForCtrlC(workspace);
  await driftAndRepair(workspace, cluster);
  console.log(NEXT);
}

/** @param {Workspace} workspace */
async function waitForCtrlC(workspace) {
  console.log(`
The cluster and the stack stay until you press Ctrl-C. To continue, in bash or zsh in another terminal:
  source ${await workspace.writeShellFile()}
  pulumi stack output --show-secrets
  pulumi up                        # after you edit examples/quickstart/index.ts
  pulumi preview --refresh --diff
  pulumi destroy`);
  if (!interrupted.aborted) await once(interrupted, "abort");
}
