// @ts-check
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { PlainError } from "../plainError.mjs";
import { run } from "../processes.mjs";
import { contentHash } from "./contentHash.mjs";

const SOURCES = [
  "provider",
  "sdk",
  "emulator",
  "tsconfig.json",
  "tsconfig.build.json",
  "package.json",
  "package-lock.json",
];

/**
 * Compiles the package to dist/ unless neither the sources nor dist/ changed since the last time.
 * It is compiled aside and swapped in: no file of a deleted source stays, and a program that is
 * running meanwhile never sees half a dist/.
 * @param {string} root
 * @param {(line: string) => void} log
 */
export async function buildPackage(root, log) {
  const aside = join(root, "node_modules", ".pulumi-ostor");
  const stamp = join(aside, "build.txt");
  if ((await readFile(stamp, "utf8").catch(() => "")) === (await stateOf(root))) return;
  log("Compiling the package to dist/ …");
  const fresh = join(aside, "dist");
  await mkdir(aside, { recursive: true });
  await rm(fresh, { recursive: true, force: true });
  await compile(root, fresh);
  await swap(join(root, "dist"), fresh, join(aside, "old"));
  await writeFile(stamp, await stateOf(root));
}

/**
 * @param {string} root
 * @param {string} folder
 */
async function compile(root, folder) {
  const args = ["run", "--silent", "build", "--", "--outDir", folder];
  const { code } = await run("npm", args, { cwd: root });
  if (code !== 0) {
    throw new PlainError(
      'The package doesn\'t compile: mend what is listed above, then "npm run build".',
    );
  }
  const cli = join(folder, "emulator", "cli.js");
  if (existsSync(cli)) await chmod(cli, 0o755);
}

/**
 * @param {string} dist
 * @param {string} fresh
 * @param {string} old
 */
async function swap(dist, fresh, old) {
  await rm(old, { recursive: true, force: true });
  if (existsSync(dist)) await rename(dist, old);
  await rename(fresh, dist);
  await rm(old, { recursive: true, force: true });
}

/** @param {string} root */
async function stateOf(root) {
  return `${await contentHash(root, SOURCES)} ${await contentHash(root, ["dist"])}`;
}
