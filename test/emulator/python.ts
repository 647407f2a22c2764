import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const packages = ["awscli==1.45.11", "boto3==1.43.11"];

/**
 * Finds a Python that has AWS's command line and boto3: the one on PATH, or one of our own that is made once and
 * kept in the cache.
 *
 * @throws Error that says why there is none
 */
export async function pythonWithAws(): Promise<string> {
  const version = await run("python3", ["--version"]).catch(() => undefined);
  if (version === undefined) throw new Error("there is no python3 on PATH");
  if (await hasAws("python3")) return "python3";
  const { userCache } = await import("../../scripts/engine/cache.mjs");
  const folder = join(userCache(process.env), packages.join("-"));
  const python = join(folder, "bin", "python");
  if (!existsSync(python)) await makeEnvironment(folder);
  if (await hasAws(python)) return python;
  throw new Error(`${folder} doesn't work; remove it`);
}

const hasAws = (python: string) =>
  run(python, ["-c", "import awscli, boto3"]).then(
    () => true,
    () => false,
  );

/** A half-made one never has the name that is looked for. */
async function makeEnvironment(folder: string): Promise<void> {
  const fresh = `${folder}.${process.pid}`;
  try {
    await mkdir(join(folder, ".."), { recursive: true });
    await run("python3", ["-m", "venv", fresh]);
    await run(join(fresh, "bin", "python"), ["-m", "pip", "install", "--quiet", ...packages]);
    await rename(fresh, folder);
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error).split("\n");
    throw new Error(`Python packages can't be installed: ${line}`, { cause: error });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
