// @ts-check
import { join } from "node:path";

import { PlainError } from "../plainError.mjs";
import { run } from "../processes.mjs";
import { addToCache } from "./cache.mjs";
import { goBuild } from "./goBuild.mjs";
import { findOnPath } from "./onPath.mjs";
import { isAtLeast } from "./version.mjs";

const PROGRESS_MS = 30_000;
const FIX =
  "Install the Pulumi CLI (https://www.pulumi.com/docs/install/) or Go (https://go.dev/dl/), " +
  'then run "npm run setup" again.';

/**
 * Builds the engine from the pinned Go modules into the cache.
 * @param {string} folder
 * @param {import("../engine.mjs").EngineSearch} search
 */
export async function buildEngine(folder, search) {
  const go = await findGo(search);
  search.log(
    `Building the Pulumi engine ${search.version} with Go. The first build takes about 6 minutes.`,
  );
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  const progress = setInterval(
    () => search.log(`  still building the engine, ${seconds()} s …`),
    PROGRESS_MS,
  );
  try {
    await addToCache(folder, "build", search, async (temporary) => {
      // The small one first: most failures of a build already show here.
      await buildModule(go, search, "hosts", [], HOST, temporary);
      await buildModule(go, search, "cli", versionFlag(search.version), CLI, temporary);
    });
  } finally {
    clearInterval(progress);
  }
  search.log(`Built the Pulumi engine in ${seconds()} s: ${folder}`);
}

const HOST = "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs";
const CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

/** @param {string} version */
function versionFlag(version) {
  return ["-X", `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`];
}

/**
 * @param {import("../engine.mjs").EngineSearch} search
 * @returns {Promise<string>}
 */
async function findGo({ env, modules, goVersion }) {
  const go = findOnPath("go", env["PATH"] ?? "");
  if (go === undefined) {
    throw new PlainError(`No Pulumi engine found, and no Go to build one. ${FIX}`);
  }
  // In the module's folder, Go prints the version of the toolchain that it uses for the module.
  const { output } = await run(go, ["version"], {
    cwd: join(modules, "cli"),
    env: { ...env, GOWORK: "off" },
    capture: true,
  });
  const version = /go version go(\S+)/.exec(output)?.[1];
  if (version === undefined || !isAtLeast(version, goVersion)) {
    const found = version ?? `unknown ("${output.trim()}")`;
    throw new PlainError(
      `No Pulumi engine found, and Go is too old to build one: ${go} is ${found}, required is ${goVersion}. ${FIX}`,
    );
  }
  return go;
}

/**
 * @param {string} go
 * @param {import("../engine.mjs").EngineSearch} search
 * @param {"hosts" | "cli"} module
 * @param {string[]} linkFlags
 * @param {string} goPackage
 * @param {string} folder
 */
function buildModule(go, { env, modules }, module, linkFlags, goPackage, folder) {
  const path = join(modules, module);
  return goBuild({ go, module: path, goPackage, folder, env, linkFlags, fix: FIX });
}
