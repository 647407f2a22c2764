// @ts-check
import { chmod, copyFile, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";

/** The plugin that runs dynamic providers: a small shell script in the npm package @pulumi/pulumi. */
export const NODE_PLUGIN = "pulumi-resource-pulumi-nodejs";

/**
 * Copies the plugin into a folder and makes it executable, which the original may not be.
 * @param {string} original
 * @param {string} folder
 * @returns {Promise<string>} The folder.
 */
export async function ensureNodePlugin(original, folder) {
  const copy = join(folder, `${NODE_PLUGIN}.${process.pid}`);
  await mkdir(folder, { recursive: true });
  await copyFile(original, copy);
  await chmod(copy, 0o755);
  await rename(copy, join(folder, NODE_PLUGIN));
  return folder;
}
