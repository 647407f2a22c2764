// @ts-check
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";

import { PlainError } from "../plainError.mjs";
import { run } from "../processes.mjs";
import { contentHash, filesUnder } from "./contentHash.mjs";

const SETTINGS = [
  "tsconfig.json",
  "tsconfig.build.json",
  "package.json",
  "package-lock.json",
  "scripts/plugin/bundle.mjs",
];
/** npm makes the commands executable only where it links them. */
const COMMANDS = [join("cli", "index.js"), join("emulator", "cli.js")];
/** What `npm run build` bundles after it compiled the sources. */
const BUNDLE = "plugin";

/**
 * Compiles the package to dist/ if the sources or dist/ have changed since the last build. Overwrites the files,
 * so that a program that runs meanwhile finds all of them.
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
 * @returns {Promise<Set<string>>} The written files, with links resolved.
 */
async function compile(root) {
  // Not to a temporary folder: the compiler resolves the package's own name to its sources only if the output
  // is what `exports` names.
  const args = ["run", "--silent", "build", "--", "--noEmitOnError", "--listEmittedFiles"];
  const { code, output } = await run("npm", args, { cwd: root, capture: true });
  if (code !== 0) {
    throw new PlainError(
      `${output}The package does not compile. Fix the errors above, then run "npm run build".`,
    );
  }
  const files = [...output.matchAll(/^TSFILE: (.+)$/gm)].map(([, file = ""]) => file);
  return new Set(files.map((file) => realpathSync(resolve(root, file))));
}

/**
 * Deletes the output of deleted sources.
 * @param {string} dist
 * @param {Set<string>} written
 */
async function prune(dist, written) {
  const stale = (await filesUnder(dist)).filter(
    (file) => !file.startsWith(join(dist, BUNDLE, sep)) && !written.has(realpathSync(file)),
  );
  await Promise.all(stale.map((file) => rm(file)));
}
