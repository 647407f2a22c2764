// @ts-check
import { mkdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Makes the package and its commands found by programs inside the repository, as if installed:
 * the example imports "pulumi-ostor", and dynamic providers are loaded by that name.
 * @param {string} root
 */
export async function linkPackage(root) {
  const modules = join(root, "node_modules");
  await link("..", join(modules, "pulumi-ostor"));
  const dist = join("..", "..", "dist");
  await link(join(dist, "cli", "index.js"), join(modules, ".bin", "pulumi-ostor"));
  await link(join(dist, "emulator", "cli.js"), join(modules, ".bin", "ostor-emulator"));
}

/**
 * @param {string} target
 * @param {string} path
 */
async function link(target, path) {
  const now = await readlink(path).catch(() => undefined);
  if (now === target) return;
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { recursive: true, force: true });
  const fresh = `${path}.${process.pid}`;
  await symlink(target, fresh);
  await rename(fresh, path);
}
