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

/** The folder of the checkout. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Installs and builds what the checkout needs and does not have.
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<import("./engine.mjs").Engine>}
 */
export async function setup({ log = console.log } = {}) {
  await setupPackage({ log });
  return await findEngine({ log });
}

/**
 * The setup without an engine: dependencies, links, dist/.
 * @param {{ log?: (line: string) => void }} [options]
 */
export async function setupPackage({ log = console.log } = {}) {
  checkNode(root);
  // Outside the checkout: npm ci removes node_modules, and git must not list the lock.
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const lock = join(userCache(process.env), `setup-${name}.lock`);
  await withLock(lock, { log, what: "setting up this checkout" }, async () => {
    await installDependencies(root, log);
    await linkPackage(root);
    await buildPackage(root, log);
  });
}

const HELP = `Usage: npm run setup

Installs what this checkout needs and does not have: the dependencies, dist/, and a Pulumi engine from PATH,
from the official download, or built from its Go modules.

  --help  print this text`;

if (isStarted(import.meta.url)) {
  await main(async () => {
    const args = process.argv.slice(2);
    if (isHelpAsked(args, HELP)) return;
    if (args.length > 0)
      throw new PlainError(`npm run setup: unknown option ${args[0]}; it has no options`);
    const { pulumi, version, source } = await setup();
    console.log(`Ready. Pulumi ${version} (${source}): ${pulumi}`);
  });
}
