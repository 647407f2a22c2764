import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { createEmulator } from "../../emulator";
import { requireSuccess } from "../engine/harness";
import { createEmptyProject, packPackage, type EmptyProject } from "./emptyProject";

const typescriptProgram = `import * as ostor from "pulumi-ostor";

const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example", state: "enabled" });
const backup = new ostor.AccessKey("acme-backup", { user: tenant });
export const accessKeyId = backup.accessKeyId;
export const secretAccessKey = backup.secretAccessKey;
export const buckets = ostor.getBucketsOutput({ user: tenant });
export const bytes = buckets.buckets.apply((all) =>
  all.reduce((sum, { currentBytes }) => sum + currentBytes, 0),
);
`;

const wrongLines = [
  `new ostor.User("acme", { emailAddress: "ops@acme.example", state: "off" });`,
  `ostor.getUser({ userId: "1" }).then((user) => user.secretAccessKey);`,
  `new ostor.AccessKey("key", {});`,
];
const wrongProgram = ['import * as ostor from "pulumi-ostor";', ...wrongLines, ""].join("\n");

const commonjsProgram = `const ostor = require("pulumi-ostor");

const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example" });
exports.secretAccessKey = new ostor.AccessKey("acme-backup", { user: tenant }).secretAccessKey;
`;

const esModuleProgram = `import { AccessKey, User, getBucketsOutput } from "pulumi-ostor";

const tenant = new User("acme", { emailAddress: "ops@acme.example" });
export const { secretAccessKey } = new AccessKey("acme-backup", { user: tenant });
export const { buckets } = getBucketsOutput({ user: tenant });
`;

const emulator = createEmulator();
let packed: Awaited<ReturnType<typeof packPackage>>;

/** Gives every test of a `describe` a project with the packed package and others. */
function useProject(packages: string[]): { project: EmptyProject } {
  const used = {} as { project: EmptyProject };
  before(async function () {
    this.timeout(300_000);
    used.project = await createEmptyProject(packed.tarball, packages);
  });
  after(() => {
    used.project.remove();
  });
  return used;
}

/** The lines of `wrong.ts` that the compiler complains about. */
function linesOf(output: string): string[] {
  return [...output.matchAll(/^wrong\.ts\((\d+),/gm)].map(([, line]) => line ?? "");
}

/** Runs up and destroy, and looks at the cluster after each. */
async function liveAndDie(project: EmptyProject, name: string, folder?: string): Promise<void> {
  await project.createStack(name, emulator, folder);
  const pulumi = async (...flags: string[]) =>
    requireSuccess(await project.run("pulumi", ["--non-interactive", ...flags], folder));
  await pulumi("up", "--yes", "--skip-preview");
  const [user, ...more] = emulator.cluster.users();
  assert.deepEqual([user?.emailAddress, user?.accessKeys.length], ["ops@acme.example", 1]);
  assert.deepEqual(more, []);
  const [pair] = user?.accessKeys ?? [];
  const { output } = await pulumi("stack", "output", "--show-secrets", "secretAccessKey");
  assert.equal(output.trim(), pair?.secretAccessKey);
  await pulumi("preview", "--refresh", "--expect-no-changes");
  const own = (await project.resources(folder)).filter(({ type }) => type.includes("ostor:"));
  const texts = own.map(({ outputs }) => String(outputs?.["__provider"])).sort();
  assert.deepEqual(texts, [
    'exports.handler = () => require("pulumi-ostor/provider").accessKey',
    'exports.handler = () => require("pulumi-ostor/provider").user',
  ]);
  await pulumi("destroy", "--yes", "--skip-preview");
  assert.deepEqual(emulator.cluster.users(), []);
}

describe("the packed package", () => {
  before(async function () {
    this.timeout(120_000);
    await emulator.start();
    packed = await packPackage();
  });
  after(async () => {
    packed.remove();
    await emulator.stop();
  });

  describe("in an empty JavaScript project", () => {
    const used = useProject(["@pulumi/pulumi"]);
    const installed = () => join(used.project.directory, "node_modules", "pulumi-ostor");

    it("holds what was compiled and what people read, no sources and no tests", () => {
      const files = readdirSync(installed(), { recursive: true, encoding: "utf8" })
        .filter((file) => statSync(join(installed(), file)).isFile())
        // Dependencies that npm couldn't put beside the package.
        .filter((file) => !file.startsWith("node_modules"));
      const expected =
        /^(dist\/(sdk|provider|emulator|cli)\/.*\.(js|d\.ts)|(docs|examples)\/.*|package\.json|LICENSE|(README|CHANGELOG|CONTRIBUTING|SECURITY)\.md)$/;
      assert.deepEqual(
        files.filter((file) => !expected.test(file)),
        [],
      );
      for (const file of ["LICENSE", "README.md", "CHANGELOG.md"]) assert.ok(files.includes(file));
    });

    it("holds what its pages lead to: where it runs there may be no other copy to read", () => {
      const pages = readdirSync(installed(), { recursive: true, encoding: "utf8" }).filter((file) =>
        /^((docs|examples)\/.*|[A-Z]+)\.md$/.test(file),
      );
      const dead = pages.flatMap((page) => {
        const text = readFileSync(join(installed(), page), "utf8");
        const links = [...text.matchAll(/\]\(([^):#]+)(#[^)]*)?\)/g)].map(([, link = ""]) => link);
        const from = join(installed(), dirname(page));
        return links
          .filter((link) => !existsSync(join(from, link)))
          .map((link) => `${page}: ${link}`);
      });
      assert.ok(pages.length > 20, `${pages.length} pages`);
      assert.deepEqual(dead, []);
    });

    it("has a file behind each of its doors, types included", () => {
      const { exports, main, types } = JSON.parse(
        readFileSync(join(installed(), "package.json"), "utf8"),
      ) as {
        exports: Record<string, string | Record<string, string>>;
        main: string;
        types: string;
      };
      const targets = Object.values(exports).flatMap((target) =>
        typeof target === "string" ? [target] : Object.values(target),
      );
      for (const file of [main, types, ...targets]) {
        assert.ok(existsSync(join(installed(), file)), `${file} is there`);
      }
    });

    it("brings the command ostor-emulator", async () => {
      const command = readFileSync(join(installed(), "dist", "emulator", "cli.js"), "utf8");
      assert.match(command, /^#!\/usr\/bin\/env node\n/);
      const { output } = requireSuccess(
        await used.project.run("npx", ["--no-install", "ostor-emulator", "--help"]),
      );
      assert.match(output, /Usage: ostor-emulator/);
    });

    it("brings the command pulumi-ostor", async () => {
      const { output } = requireSuccess(
        await used.project.run("npx", ["--no-install", "pulumi-ostor", "--help"]),
      );
      assert.match(output, /Usage: pulumi-ostor/);
    });

    it("runs a CommonJS program", async () => {
      used.project.write("index.js", commonjsProgram);
      await liveAndDie(used.project, "commonjs");
    });

    it("runs an ES module", async () => {
      used.project.write("esm/package.json", '{ "type": "module", "main": "index.js" }\n');
      used.project.write("esm/index.js", esModuleProgram);
      await liveAndDie(used.project, "esm", "esm");
    });
  });

  describe("in an empty TypeScript project", () => {
    const used = useProject(["@pulumi/pulumi", "typescript", "@types/node"]);
    const check = (file: string, ...flags: string[]) =>
      used.project.run("npx", [
        ...["--no-install", "tsc", "--noEmit", "--strict", "--target", "es2022"],
        ...[...flags, file],
      ]);
    const modern = ["--module", "node16", "--skipLibCheck", "false"];

    it("passes the compiler, its own types and those that they name included", async () => {
      used.project.write("index.ts", typescriptProgram);
      requireSuccess(await check("index.ts", ...modern));
      requireSuccess(await check("index.ts", ...modern, "--exactOptionalPropertyTypes"));
    });

    it("refuses a wrong user state, a secret asked of data, a key of nobody", async () => {
      used.project.write("wrong.ts", wrongProgram);
      const { code, output } = await check("wrong.ts", ...modern);
      assert.notEqual(code, 0);
      assert.deepEqual(linesOf(output), ["2", "3", "4"]);
    });

    it("has the same types for a project of Pulumi's older template", async () => {
      const older = ["--module", "commonjs", "--moduleResolution", "node", "--skipLibCheck"];
      requireSuccess(await check("index.ts", ...older));
      assert.deepEqual(linesOf((await check("wrong.ts", ...older)).output), ["2", "3", "4"]);
    });

    it("runs a program", async () => {
      used.project.write(
        "tsconfig.json",
        '{ "compilerOptions": { "strict": true, "target": "es2022", "module": "node16" }, "files": ["index.ts"] }\n',
      );
      used.project.write("index.ts", typescriptProgram);
      await liveAndDie(used.project, "typescript");
    });
  });
});
