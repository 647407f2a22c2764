import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import {
  engineEnvironment,
  requireSuccess,
  run,
  settingsOf,
  type Run,
  type StoredResource,
} from "../engine/harness";
import type { Emulator } from "../../emulator";

const root = resolve(__dirname, "../..");

/** A project outside this repository that contains only what npm installs. */
export interface EmptyProject {
  readonly directory: string;
  /** Writes a file, and creates its folders. */
  write(file: string, text: string): void;
  /** Runs a command in the project or in one of its folders, until it ends. */
  run(command: string, flags: string[], folder?: string): Promise<Run>;
  /** Creates a Pulumi project with a stack `dev` in a folder, and configures it for the emulator. */
  createStack(name: string, emulator: Emulator, folder?: string): Promise<void>;
  resources(folder?: string): Promise<StoredResource[]>;
  remove(): void;
}

/** Packs this package as for publication; dist/ must be built. */
export async function packPackage(): Promise<{ tarball: string; remove: () => void }> {
  const directory = mkdtempSync(join(tmpdir(), "pulumi-ostor-pack-"));
  const flags = ["pack", "--ignore-scripts", "--pack-destination", directory];
  requireSuccess(await run("npm", flags, root, process.env));
  const [tarball] = readdirSync(directory);
  if (tarball === undefined) throw new Error("npm pack created nothing");
  return {
    tarball: join(directory, tarball),
    remove: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/**
 * Creates an empty project and installs a tarball into it, together with other packages.
 *
 * @param packages - names; their versions are those of this repository's lock file
 */
export async function createEmptyProject(
  tarball: string,
  packages: string[],
): Promise<EmptyProject> {
  const directory = mkdtempSync(join(tmpdir(), "pulumi-ostor-package-"));
  const project = join(directory, "project");
  mkdirSync(project);
  mkdirSync(join(directory, "state"));
  const environment = await engineEnvironment(directory);
  const inFolder = (command: string, flags: string[], folder = ".") =>
    run(command, flags, join(project, folder), environment);
  const pulumi = async (folder: string | undefined, ...flags: string[]) =>
    requireSuccess(await inFolder("pulumi", ["--non-interactive", ...flags], folder));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  };
  write("package.json", '{ "name": "empty", "private": true }\n');
  const quick = ["--prefer-offline", "--no-audit", "--no-fund"];
  const wanted = packages.map((name) => `${name}@${lockedVersion(name)}`);
  requireSuccess(await inFolder("npm", ["install", ...quick, tarball, ...wanted]));
  return {
    directory: project,
    write,
    run: inFolder,
    async createStack(name, emulator, folder = ".") {
      write(join(folder, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
      await pulumi(folder, "stack", "init", "dev");
      const words = Object.entries(settingsOf(emulator)).flatMap(([key, value]) => [
        key.includes(":secret") ? "--secret" : "--plaintext",
        `${key}=${value}`,
      ]);
      await pulumi(folder, "config", "set-all", ...words);
    },
    async resources(folder) {
      const { output } = await pulumi(folder, "stack", "export");
      const { deployment } = JSON.parse(output) as {
        deployment: { resources?: StoredResource[] };
      };
      return deployment.resources ?? [];
    },
    remove: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function lockedVersion(name: string): string {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version: string } | undefined>;
  };
  const locked = packages[`node_modules/${name}`];
  if (!locked) throw new Error(`package-lock.json does not contain ${name}`);
  return locked.version;
}
