// @ts-check
import { mkdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Links the package and its commands into node_modules: the examples import "pulumi-ostor", and the dynamic host
 * loads the providers by that name.
 * @param {string} root
 */
export async function linkPackage(root) {
  const modules = join(root, "node_modules");
  await link("..", join(modules, "pulumi-ostor"));
  const dist = join("..", "..", "dist");
  await link(join(dist, "cli", "index.js"), join(modules, ".bin", "pulumi-ostor"));
  await link(join(dist, "emulator", "cli.js"), join(modules, ".bin", "ostor-emulator"));
  const plugin = "pulumi-resource-ostor";
  await link(join(dist, "plugin", plugin), join(modules, ".bin", plugin));
}

/**
 * @param {string} target
 * @param {string} path
 */
async function link(target, path) {
  const current = await readlink(path).catch(() => undefined);
  if (current === target) return;
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { recursive: true, force: true });
  const temporary = `${path}.${process.pid}`;
  await symlink(target, temporary);
  await rename(temporary, path);
}
