// @ts-check
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { PlainError } from "../plainError.mjs";
import { run } from "../processes.mjs";
import { contentHash, filesUnder } from "./contentHash.mjs";

const SETTINGS = ["tsconfig.json", "tsconfig.build.json", "package.json", "package-lock.json"];
/** Commands: npm makes them executable only where it links them. */
const COMMANDS = [join("cli", "index.js"), join("emulator", "cli.js")];

/**
 * Compiles the package to dist/ unless neither the sources nor dist/ changed since the last time.
 * Files are written over the old ones, so that a program which runs meanwhile finds them all.
 * @param {string} root
 * @param {(line: string) => void} log
 */
export async function buildPackage(root, log) {
  const stamp = join(root, "node_modules", ".pulumi-ostor-build");
  const { include } = JSON.parse(await readFile(join(root, "tsconfig.build.json"), "utf8"));
  const sources = await contentHash(root, [...include, ...SETTINGS]);
  const state = async () => `${sources} ${await contentHash(root, ["dist"])}`;
  if ((await readFile(stamp, "utf8").catch(() => "")) === (await state())) return;
  log("Compiling the package to dist/ …");
  const dist = join(root, "dist");
  await prune(dist, await compile(root));
  const commands = COMMANDS.map((name) => join(dist, name)).filter((path) => existsSync(path));
  for (const path of commands) await chmod(path, 0o755);
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, await state());
}

/**
 * @param {string} root
 * @returns {Promise<Set<string>>} The files it wrote, links resolved.
 */
async function compile(root) {
  // Not to a folder aside, to be swapped in: the compiler follows the package's own name to its
  // sources only where they are compiled to what `exports` names.
  const args = ["run", "--silent", "build", "--", "--noEmitOnError", "--listEmittedFiles"];
  const { code, output } = await run("npm", args, { cwd: root, capture: true });
  if (code !== 0) {
    throw new PlainError(
      `${output}The package doesn't compile: mend what is listed above, then "npm run build".`,
    );
  }
  const files = [...output.matchAll(/^TSFILE: (.+)$/gm)].map(([, file = ""]) => file);
  return new Set(files.map((file) => realpathSync(resolve(root, file))));
}

/**
 * Removes what deleted sources left.
 * @param {string} dist
 * @param {Set<string>} written
 */
async function prune(dist, written) {
  const stale = (await filesUnder(dist)).filter((file) => !written.has(realpathSync(file)));
  await Promise.all(stale.map((file) => rm(file)));
}
