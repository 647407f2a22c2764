// @ts-check
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { userCache } from "./engine/cache.mjs";
import { findEngine } from "./engine.mjs";
import { isHelpAsked } from "./help.mjs";
import { withLock } from "./lock.mjs";
import { PlainError } from "./plainError.mjs";
import { isStarted, main } from "./processes.mjs";
import { buildPackage } from "./setup/build.mjs";
import { installDependencies } from "./setup/dependencies.mjs";
import { linkPackage } from "./setup/links.mjs";
import { checkNode } from "./setup/nodeVersion.mjs";

/** The checkout's folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Brings a checkout to where everything runs; does only what is missing.
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<import("./engine.mjs").Engine>}
 */
export async function setup({ log = console.log } = {}) {
  await setupPackage({ log });
  return await findEngine({ log });
}

/**
 * The part of set-up that needs no engine: dependencies, links, dist/.
 * @param {{ log?: (line: string) => void }} [options]
 */
export async function setupPackage({ log = console.log } = {}) {
  checkNode(root);
  // Outside the checkout, as npm ci removes node_modules and git should see nothing.
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const lock = join(userCache(process.env), `setup-${name}.lock`);
  await withLock(lock, { log, what: "setting up this checkout" }, async () => {
    await installDependencies(root, log);
    await linkPackage(root);
    await buildPackage(root, log);
  });
}

const HELP = `Usage: npm run setup

Brings this checkout to where everything runs: its dependencies, dist/, and a Pulumi engine, from PATH,
downloaded, or built from its Go modules. It does only what is missing.

  --help  print this text`;

if (isStarted(import.meta.url)) {
  await main(async () => {
    const args = process.argv.slice(2);
    if (isHelpAsked(args, HELP)) return;
    if (args.length > 0)
      throw new PlainError(`npm run setup takes no ${args[0]}: it has no flags.`);
    const { pulumi, version, source } = await setup();
    console.log(`Ready. Pulumi ${version} (${source}): ${pulumi}`);
  });
}
