import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { createEmulator } from "../../../emulator";
import { version } from "../../../provider/text/version";
import { requireSuccess, run, settingsOf } from "../../engine/harness";
import { createProject, requireLanguages, root } from "../../languages/harness";
import { useProject } from "../useProject";

const name = "pulumi-resource-ostor";
const architecture = process.arch === "x64" ? "amd64" : process.arch;
const archive = (system: string) => `${name}-v${version}-${system}-${architecture}.tar.gz`;
/** The archive that the engine looks for on this machine. */
const own = archive(process.platform);

/** The files of a release, in a temporary folder. */
function useRelease(): { folder: string } {
  const used = { folder: "" };
  before(async function () {
    this.timeout(120_000);
    used.folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-release-"));
    const words = [join(root, "scripts/plugin/release.mjs"), "--out", used.folder];
    requireSuccess(await run(process.execPath, words, root, process.env));
  });
  after(() => {
    rmSync(used.folder, { recursive: true, force: true });
  });
  return used;
}

describe("the release of the plugin", function () {
  this.timeout(300_000);
  const release = useRelease();
  const extract = async (file: string) => {
    const folder = mkdtempSync(join(release.folder, "extracted-"));
    const words = ["-xzf", join(release.folder, file), "-C", folder];
    requireSuccess(await run("tar", words, root, process.env));
    return folder;
  };

  it("has an archive for each system, the schema and their sums", () => {
    const systems = ["darwin", "linux", "windows"];
    const archives = systems.flatMap((system) =>
      ["amd64", "arm64"].map((each) => `${name}-v${version}-${system}-${each}.tar.gz`),
    );
    const sums = readFileSync(join(release.folder, "SHA256SUMS"), "utf8").trim().split("\n");
    const files = [...archives, "schema.json"].sort();
    assert.deepEqual(readdirSync(release.folder).sort(), ["SHA256SUMS", ...files]);
    const expected = files.map((file) => {
      const bytes = readFileSync(join(release.folder, file));
      return `${createHash("sha256").update(bytes).digest("hex")}  ${file}`;
    });
    assert.deepEqual(sums.sort(), expected.sort());
    for (const file of archives) assert.ok(statSync(join(release.folder, file)).size < 600_000);
  });

  it("has the same program in each archive, and on Windows the command that starts it", async () => {
    const bundle = readFileSync(join(root, "dist/plugin", name));
    const common = ["LICENSE", name, `${name}.licenses.txt`];
    for (const system of ["linux", "darwin", "windows"]) {
      const folder = await extract(archive(system));
      const expected = system === "windows" ? [...common, `${name}.cmd`] : common;
      assert.deepEqual(readdirSync(folder).sort(), expected.sort());
      assert.ok(readFileSync(join(folder, name)).equals(bundle));
      assert.ok((statSync(join(folder, name)).mode & 0o111) !== 0);
      if (system !== "windows") continue;
      const command = readFileSync(join(folder, `${name}.cmd`), "utf8");
      assert.equal(command, `@node "%~dp0${name}" %*\r\n`);
    }
  });

  it("names where it is, once package.json names the repository", async () => {
    const { downloadUrl } = await import("../../../scripts/plugin/release.mjs");
    const expected = "github://api.github.com/acme/pulumi-ostor";
    for (const url of [
      "github:acme/pulumi-ostor",
      { type: "git", url: "git+https://github.com/acme/pulumi-ostor.git" },
    ]) {
      assert.equal(downloadUrl(url), expected);
    }
    assert.equal(downloadUrl(undefined), undefined);
    const { repository } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      repository?: unknown;
    };
    const schema = JSON.parse(readFileSync(join(release.folder, "schema.json"), "utf8")) as {
      pluginDownloadURL?: string;
    };
    assert.equal(schema.pluginDownloadURL, downloadUrl(repository));
  });

  describe("installed where there is no other", () => {
    let server: Server;
    const requested: string[] = [];
    before((done) => {
      server = createServer(({ url = "" }, response) => {
        requested.push(url);
        if (basename(url) === own) response.end(readFileSync(join(release.folder, own)));
        else response.writeHead(404).end();
      }).listen(0, "127.0.0.1", done);
    });
    after((done) => {
      server.close(done);
    });

    it("from a file, runs a program that does not say where the plugin is", async function () {
      await runExample(this, ["--file", join(release.folder, own)]);
    });

    it("from a server, does the same", async function () {
      const { port } = server.address() as AddressInfo;
      await runExample(this, ["--server", `http://127.0.0.1:${port}`]);
      assert.deepEqual([...new Set(requested)], [`/${own}`]);
    });
  });
});

/** Runs the example in YAML from `up` to `destroy` with a plugin that `pulumi plugin install` finds by these words. */
async function runExample(test: Mocha.Context, words: string[]): Promise<void> {
  const path = await requireLanguages(test, ["yaml"]);
  const emulator = createEmulator();
  await emulator.start();
  const project = await createProject("yaml", { path, plugin: null, example: "examples/yaml" });
  const { environment } = project;
  // `npm test` puts the commands of this package on PATH, and the engine prefers them.
  const folders = (environment["PATH"] ?? "").split(delimiter);
  environment["PATH"] = folders.filter((each) => !each.endsWith(".bin")).join(delimiter);
  try {
    await project.config(settingsOf(emulator));
    assert.notEqual((await project.up()).code, 0, "another plugin was found");
    const install = ["plugin", "install", "resource", "ostor", version, ...words];
    requireSuccess(await project.pulumi(install));
    requireSuccess(await project.up());
    assert.equal(emulator.cluster.users().length, 3);
    requireSuccess(await project.destroy());
    assert.deepEqual(emulator.cluster.users(), []);
  } finally {
    project.remove();
    await emulator.stop();
  }
}

describe("the plugin in the packed package", function () {
  this.timeout(300_000);
  const used = useProject(["@pulumi/pulumi"]);

  it("runs a program that names its folder", async function () {
    const path = await requireLanguages(this, ["yaml"]);
    const { project, emulator } = used;
    await project.createStack("yaml", emulator);
    const program = readFileSync(join(root, "examples/yaml/Main.yaml"), "utf8");
    project.write("Main.yaml", program);
    const folder = "node_modules/pulumi-ostor/dist/plugin";
    const plugins = `plugins: { providers: [{ name: ostor, path: ${folder} }] }`;
    writeFileSync(
      join(project.directory, "Pulumi.yaml"),
      `name: yaml\nruntime: yaml\n${plugins}\n`,
    );
    // The language host of YAML programs is on no PATH that the project has.
    const line = (...words: string[]) =>
      project.run("env", [
        `PATH=${[path, process.env["PULUMI_OSTOR_ENGINE_PATH"], process.env["PATH"]].join(delimiter)}`,
        ...["pulumi", "--non-interactive", ...words, "--yes", "--skip-preview"],
      ]);
    requireSuccess(await line("up"));
    assert.equal(emulator.cluster.users().length, 3);
    requireSuccess(await line("destroy"));
    assert.deepEqual(emulator.cluster.users(), []);
  });
});
