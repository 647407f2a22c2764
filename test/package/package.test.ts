import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { requireSuccess } from "../engine/harness";
import { upAndDestroy, useProject } from "./useProject";

const commonjsProgram = `const ostor = require("pulumi-ostor");

const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example" });
exports.secretAccessKey = new ostor.AccessKey("acme-backup", { user: tenant }).secretAccessKey;
`;

describe("the packed package in an empty JavaScript project", () => {
  const used = useProject(["@pulumi/pulumi"]);
  const installed = () => join(used.project.directory, "node_modules", "pulumi-ostor");

  it("contains compiled code and documents, but no sources and no tests", () => {
    const files = readdirSync(installed(), { recursive: true, encoding: "utf8" })
      .filter((file) => statSync(join(installed(), file)).isFile())
      // Dependencies that npm could not install next to the package.
      .filter((file) => !file.startsWith("node_modules"));
    const expected =
      /^(dist\/(sdk|provider|emulator|cli)\/.*\.(js|d\.ts)|dist\/plugin\/pulumi-resource-ostor(\.cmd|\.licenses\.txt)?|(docs|examples)\/.*|package\.json|LICENSE|(README|CHANGELOG|CONTRIBUTING|SECURITY)\.md)$/;
    assert.deepEqual(
      files.filter((file) => !expected.test(file)),
      [],
    );
    for (const file of ["LICENSE", "README.md", "CHANGELOG.md"]) assert.ok(files.includes(file));
  });

  it("contains every file that its pages link to", () => {
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

  it("has a file for each of its exports, including types", () => {
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
      assert.ok(existsSync(join(installed(), file)), `${file} exists`);
    }
  });

  it("provides the command ostor-emulator", async () => {
    const command = readFileSync(join(installed(), "dist", "emulator", "cli.js"), "utf8");
    assert.match(command, /^#!\/usr\/bin\/env node\n/);
    const { output } = requireSuccess(
      await used.project.run("npx", ["--no-install", "ostor-emulator", "--help"]),
    );
    assert.match(output, /Usage: ostor-emulator/);
  });

  it("provides the command pulumi-ostor", async () => {
    const { output } = requireSuccess(
      await used.project.run("npx", ["--no-install", "pulumi-ostor", "--help"]),
    );
    assert.match(output, /Usage: pulumi-ostor/);
  });

  it("runs a CommonJS program", async () => {
    used.project.write("index.js", commonjsProgram);
    await upAndDestroy(used, "commonjs");
  });
});
