import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createEmulator } from "../../../emulator";
import { engineEnvironment, requireSuccess, run, settingsOf } from "../../engine/harness";
import { packPackage } from "../emptyProject";

const root = resolve(__dirname, "../../..");
const sdk = "3.245.0";
const library = `const ostor = require("pulumi-ostor");
exports.customer = (name, emailAddress) => new ostor.User(name, { emailAddress });
exports.installed = require.resolve("pulumi-ostor/package.json");
`;
const refusal = /User acme: .*add "pulumi-ostor" to the dependencies of \S+infra\/package\.json/;

let packed: Awaited<ReturnType<typeof packPackage>>;

/** A workspace: a library that declares tenants, and a Pulumi project that uses it. */
function workspace(dependencies: Record<string, string>, link: string) {
  const directory = mkdtempSync(join(tmpdir(), "pulumi-ostor-layout-"));
  const write = (file: string, content: string | object) => {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    const text = typeof content === "string" ? content : JSON.stringify(content);
    writeFileSync(join(directory, file), `${text}\n`);
  };
  const own = `file:${packed.tarball}`;
  const shared = { "@pulumi/pulumi": sdk };
  const version = "1.0.0";
  write("package.json", { name: "root", private: true, version, workspaces: ["lib", "infra"] });
  write("lib/package.json", {
    ...{ name: "@acme/tenancy", version, main: "index.js" },
    dependencies: { ...shared, "pulumi-ostor": own },
  });
  write("lib/index.js", library);
  write("infra/package.json", {
    ...{ name: "infra", version, main: "index.js" },
    dependencies: { ...shared, "@acme/tenancy": link, ...dependencies },
  });
  write("infra/index.js", `require("@acme/tenancy").customer("acme", "ops@acme.example");`);
  write("infra/Pulumi.yaml", "name: infra\nruntime: nodejs");
  const env = {
    ...process.env,
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
    YARN_ENABLE_TELEMETRY: "0",
  };
  return {
    directory,
    write,
    async npx(...words: string[]) {
      requireSuccess(await run("npx", ["--yes", ...words], directory, env));
    },
    /** The error of the package for this layout, if any, and whether the provider's process finds the package. */
    async verdict() {
      const program = `const installed = require("@acme/tenancy").installed;
        const { dirname, join } = require("node:path");
        const found = (() => { try { require("module").createRequire(process.cwd() + "/x").resolve("pulumi-ostor/provider"); return true; } catch { return false; } })();
        try { require(join(dirname(installed), "dist/sdk/hostLayout")).requirePackage("User acme"); console.log(JSON.stringify({ found, said: "" })); }
        catch (error) { console.log(JSON.stringify({ found, said: error.message })); }`;
      const folder = join(directory, "infra");
      const { output } = requireSuccess(await run("node", ["-e", program], folder, process.env));
      return JSON.parse(output) as { found: boolean; said: string };
    },
    remove: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

describe("layouts of node_modules", function () {
  this.timeout(300_000);
  before(async () => {
    packed = await packPackage();
  });
  after(() => {
    packed.remove();
  });

  it("pnpm: refused where only the library has the package, and accepted once the project has it", async () => {
    const emulator = createEmulator();
    await emulator.start();
    const pnpm = workspace({}, "workspace:*");
    const env = await engineEnvironment(pnpm.directory);
    const pulumi = (...flags: string[]) =>
      run("pulumi", ["--non-interactive", ...flags], join(pnpm.directory, "infra"), env);
    try {
      pnpm.write("pnpm-workspace.yaml", 'packages: ["lib", "infra"]');
      await pnpm.npx("pnpm@10", "install");
      const { found, said } = await pnpm.verdict();
      assert.ok(!found);
      assert.match(said, refusal);
      mkdirSync(join(pnpm.directory, "state"));
      requireSuccess(await pulumi("stack", "init", "dev"));
      const words = Object.entries(settingsOf(emulator)).map(([key, value]) => `${key}=${value}`);
      requireSuccess(
        await pulumi("config", "set-all", ...words.flatMap((w) => ["--plaintext", w])),
      );
      const refused = await pulumi("up", "--yes", "--skip-preview");
      assert.match(refused.output, refusal);
      assert.doesNotMatch(refused.output, /^\s+at /m, "no stack trace");
      assert.deepEqual(emulator.requests, []);

      const own = `file:${packed.tarball}`;
      await pnpm.npx("pnpm@10", "--filter", "infra", "add", own);
      assert.deepEqual(await pnpm.verdict(), { found: true, said: "" });
      requireSuccess(await pulumi("up", "--yes", "--skip-preview"));
      assert.ok(emulator.cluster.user("ops@acme.example"));
    } finally {
      await emulator.stop();
      pnpm.remove();
    }
  });

  for (const [manager, words] of [
    ["npm", ["npm@11", "install", "--no-audit", "--no-fund", "--prefer-offline"]],
    ["Yarn with nodeLinker: node-modules", ["@yarnpkg/cli-dist@4", "install"]],
  ] as const) {
    it(`workspaces of ${manager}: found, since packages are hoisted`, async () => {
      const layout = workspace({}, "1.0.0");
      try {
        layout.write(".yarnrc.yml", "nodeLinker: node-modules\nenableGlobalCache: true");
        layout.write("yarn.lock", "");
        await layout.npx(...words);
        assert.deepEqual(await layout.verdict(), { found: true, said: "" });
      } finally {
        layout.remove();
      }
    });
  }

  it("a bundle that contains the package: refused without it in the project's folder", async () => {
    const directory = mkdtempSync(join(tmpdir(), "pulumi-ostor-bundle-"));
    const bundled = join(directory, "dist", "index.js");
    const { build } = await import("esbuild");
    const contents = `
      const { requirePackage } = require(${JSON.stringify(join(root, "dist/sdk/hostLayout"))});
      requirePackage("User acme");`;
    try {
      await build({
        stdin: { contents, resolveDir: root },
        ...{ bundle: true, platform: "node", outfile: bundled, logLevel: "error" },
        external: ["pulumi-ostor"],
      });
      const inProject = (folder: string) => run("node", [bundled], folder, process.env);
      assert.match((await inProject(directory)).output, /User acme: .*add "pulumi-ostor" to/);
      requireSuccess(await inProject(root));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
