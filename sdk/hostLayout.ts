import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { isMocked } from "./registration";
import { isInline } from "./run";

// Where the language host started the program. The engine starts the provider's process in the same folder.
const startedIn = process.cwd();
const found = new Set<string>();

/**
 * Makes sure that the provider's process will find this package: it resolves it from the project's folder, not from the
 * file that imports it. In an inline program that folder is only likely, so there it is a warning.
 *
 * @throws pulumi.RunError that names the package.json to add it to
 */
export function requireHost(resource: string): void {
  const folder = isInline() ? process.cwd() : startedIn;
  if (found.has(folder) || isMocked()) return;
  if (isFoundFrom(folder)) {
    found.add(folder);
    return;
  }
  const fix = `add "pulumi-ostor" to the dependencies of ${join(folder, "package.json")} and install (docs/layouts.md)`;
  if (!isInline()) {
    throw new pulumi.RunError(
      `${resource}: the provider's process loads pulumi-ostor/provider from the project's folder, ${folder}, and does not find it there; ${fix}`,
    );
  }
  found.add(folder);
  void pulumi.log.warn(
    `${resource}: the provider's process of an inline program loads pulumi-ostor/provider from the working directory, ${folder}, or from workDir if that is given, and does not find it in the first; start the program in a folder that has it, or ${fix}`,
  );
}

function isFoundFrom(folder: string): boolean {
  try {
    createRequire(join(folder, "index.js")).resolve("pulumi-ostor/provider");
    return true;
  } catch {
    return false;
  }
}
