// @ts-check
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { isHelpAsked } from "../help.mjs";
import { PlainError } from "../plainError.mjs";
import { isStarted, main, run } from "../processes.mjs";
import { root, setupPackage } from "../setup.mjs";
import { readSchema } from "./schema.mjs";

const HELP = `Usage: npm run release:plugin [-- --out FOLDER]

Writes what a release of the plugin consists of: an archive for each system under the name that the Pulumi engine
looks for, schema.json, and the SHA-256 sums of all of them. All archives contain the same program.

  --out FOLDER  the folder to write to, which is not emptied (default: release, which is emptied)
  --help        print this text`;

const name = "pulumi-resource-ostor";
const licenses = `${name}.licenses.txt`;
const bundle = join(root, "dist", "plugin");

/** The files of an archive. On Windows the engine starts the .cmd, which starts the file beside it. */
const contents = {
  linux: [name, licenses],
  darwin: [name, licenses],
  windows: [name, `${name}.cmd`, licenses],
};
const architectures = ["amd64", "arm64"];

/**
 * Where the engine finds the releases of a repository on GitHub.
 * @param {unknown} repository The field of package.json.
 * @returns {string | undefined} Undefined if the field does not name a repository on GitHub.
 */
export function downloadUrl(repository) {
  const text = typeof repository === "string" ? repository : JSON.stringify(repository ?? "");
  const [, owner, project] = /github(?:\.com)?[:/]([\w.-]+)\/([\w-]+)/.exec(text) ?? [];
  return owner === undefined ? undefined : `github://api.github.com/${owner}/${project}`;
}

/**
 * Writes the archives, the schema and the sums.
 * @param {string} folder It must exist.
 */
async function release(folder) {
  const { version, repository } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const files = [];
  for (const [system, packed] of Object.entries(contents)) {
    for (const architecture of architectures) {
      const file = `${name}-v${version}-${system}-${architecture}.tar.gz`;
      await pack(join(folder, file), packed);
      files.push(file);
    }
  }
  const pluginDownloadURL = downloadUrl(repository);
  const schema = { ...(await readSchema()), pluginDownloadURL };
  await writeFile(join(folder, "schema.json"), `${JSON.stringify(schema, null, 2)}\n`);
  files.push("schema.json");
  await writeFile(join(folder, "SHA256SUMS"), await sums(folder, files));
  if (pluginDownloadURL === undefined) {
    console.log(
      'package.json names no repository on GitHub, so schema.json has no pluginDownloadURL. Set "repository".',
    );
  }
  return [...files, "SHA256SUMS"];
}

/**
 * @param {string} archive
 * @param {readonly string[]} files
 */
async function pack(archive, files) {
  const { code, output } = await run(
    "tar",
    ["-czf", archive, "-C", bundle, ...files, "-C", root, "LICENSE"],
    {
      capture: true,
    },
  );
  if (code !== 0) throw new PlainError(`tar failed (exit code ${code}): ${output.trim()}`);
}

/**
 * Lines for `sha256sum --check`.
 * @param {string} folder
 * @param {readonly string[]} files
 */
async function sums(folder, files) {
  const lines = files.map(async (file) => {
    const bytes = await readFile(join(folder, file));
    return `${createHash("sha256").update(bytes).digest("hex")}  ${file}\n`;
  });
  return (await Promise.all(lines)).join("");
}

if (isStarted(import.meta.url))
  await main(async () => {
    const args = process.argv.slice(2);
    if (isHelpAsked(args, HELP)) return;
    const { out } = parseArgs({ args, options: { out: { type: "string" } } }).values;
    await setupPackage();
    const folder = resolve(out ?? join(root, "release"));
    // Do not empty a folder that the user names.
    if (out === undefined) await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    for (const file of await release(folder)) console.log(join(folder, file));
  });
