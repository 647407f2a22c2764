import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder with fake programs, the only one on PATH, and a cache. */
export interface Place {
  readonly folder: string;
  readonly bin: string;
  readonly cache: string;
  /** What findEngine logged. */
  readonly lines: string[];
  /** Options that keep findEngine inside the folder. */
  readonly options: {
    log: (line: string) => void;
    env: Record<string, string>;
    cacheDir: string;
    downloadBase: string;
    nodePlugin: string;
  };
}

export async function withPlace(job: (place: Place) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-ostor-scripts-"));
  const [bin, cache, plugin] = [join(folder, "bin"), join(folder, "cache"), join(folder, "plugin")];
  const lines: string[] = [];
  try {
    await mkdir(bin);
    await writeFile(plugin, "#!/bin/sh\n");
    const options = {
      log: (line: string) => void lines.push(line),
      env: { PATH: bin, HOME: folder },
      cacheDir: cache,
      // No server listens on this port.
      downloadBase: "http://127.0.0.1:1",
      nodePlugin: plugin,
    };
    await job({ folder, bin, cache, lines, options });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes an executable shell script. PATH contains only the fakes, so it must call programs by their full path. */
export async function writeScript(file: string, body: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
}

/** Installs a CLI that prints a version, and the language host for Node.js. */
export async function installPulumi(folder: string, version: string): Promise<void> {
  await writeScript(join(folder, "pulumi"), `echo v${version}`);
  await writeScript(join(folder, "pulumi-language-nodejs"), "");
}

/**
 * Installs a Go whose "build" writes a script named after the package and logs the call.
 *
 * @param build - shell lines to run before each build
 */
export async function installGo(place: Place, version = "1.99.0", build = ""): Promise<void> {
  const output = '"$5${6##*/}"';
  await writeScript(
    join(place.bin, "go"),
    `if [ "$1" = version ]; then echo "go version go${version} linux/amd64"; exit 0; fi
echo "$PWD $*" >> "${join(place.folder, "go.log")}"
${build}
printf '#!/bin/sh\\necho v3.259.0\\n' > ${output}
/bin/chmod +x ${output}`,
  );
}

/** The builds that the fake Go has run. */
export async function goBuilds(place: Place): Promise<string[]> {
  const log = await readFile(join(place.folder, "go.log"), "utf8").catch(() => "");
  return log.split("\n").filter((line) => line !== "");
}
