// @ts-check
import { chmod, copyFile, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";

/** The plugin that runs dynamic providers: a small shell script that npm's @pulumi/pulumi ships. */
export const NODE_PLUGIN = "pulumi-resource-pulumi-nodejs";

/**
 * Puts an executable copy of the plugin into a folder; npm may have left the original without the bit.
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
