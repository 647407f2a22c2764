// @ts-check
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "../..");
const folder = join(root, "dist", "plugin");
const name = "pulumi-resource-ostor";

/** The generated code of the protocol works only with the very copies of its libraries that its package uses. */
const fromPulumi = createRequire(
  createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"),
);

/** @type {import("esbuild").Plugin} */
const copies = {
  name: "copies",
  setup({ onResolve }) {
    onResolve({ filter: /^(@grpc\/grpc-js|google-protobuf)(\/|$)/ }, ({ path }) => ({
      path: fromPulumi.resolve(path),
    }));
    // Only the parts of undici are used: they are in the bundle, so its main module is never the fallback.
    onResolve({ filter: /^undici$/ }, ({ path }) => ({ path, external: true }));
  },
};

/** Bundles the resource plugin into one file that needs Node.js and nothing else. */
async function bundle() {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join("provider", "plugin", "index.ts")],
    outfile: join(folder, name),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify: true,
    // Messages name classes of errors.
    keepNames: true,
    legalComments: "none",
    metafile: true,
    banner: { js: "#!/usr/bin/env node" },
    define: { bundledVersion: JSON.stringify(version) },
    plugins: [copies],
    logLevel: "warning",
  });
  await chmod(join(folder, name), 0o755);
  await writeFile(join(folder, `${name}.cmd`), `@node "%~dp0${name}" %*\r\n`);
  await writeFile(
    join(folder, `${name}.licenses.txt`),
    await licenses(Object.keys(metafile.inputs)),
  );
}

/**
 * The licenses of the packages in the bundle.
 * @param {string[]} files
 */
async function licenses(files) {
  const packages = files.flatMap(
    (file) => file.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? [],
  );
  const texts = [...new Set(packages)].sort().map(async (path) => {
    const { name, version, license } = JSON.parse(
      await readFile(join(root, path, "package.json"), "utf8"),
    );
    const file = (await readdir(join(root, path))).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? "" : await readFile(join(root, path, file), "utf8");
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(80)}\n\n`);
}

await bundle();
