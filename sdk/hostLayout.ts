import { createRequire } from "node:module";
import { join } from "node:path";
import { warn } from "./message";
import { noPackageInProject, noPackageInWorkDir } from "./messages";
import { isMocked } from "./registration";
import { isInline } from "./run";

// The folder of the program. The engine starts the provider's process in the same folder.
const startedIn = process.cwd();
const found = new Set<string>();

/**
 * Checks that the provider's process will find this package: it resolves it from the project's folder, not from the file
 * that imports it. The folder of an inline program is not certain, so there it is a warning.
 *
 * @throws pulumi.RunError that names the package.json to add it to
 */
export function requirePackage(resource: string): void {
  const folder = isInline() ? process.cwd() : startedIn;
  if (found.has(folder) || isMocked()) return;
  if (isFoundFrom(folder)) {
    found.add(folder);
    return;
  }
  const manifest = join(folder, "package.json");
  if (!isInline()) throw noPackageInProject(resource, folder, manifest);
  found.add(folder);
  warn(noPackageInWorkDir(resource, folder, manifest));
}

function isFoundFrom(folder: string): boolean {
  try {
    createRequire(join(folder, "index.js")).resolve("pulumi-ostor/provider");
    return true;
  } catch {
    return false;
  }
}
