import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { withPlace } from "./fakes";

async function write(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

describe("isInstalled", () => {
  const locked = {
    "": { version: "1.0.0" },
    "node_modules/a": { version: "1.2.3" },
    "node_modules/for-another-platform": { version: "1.0.0", optional: true },
  };
  const cases: [title: string, installed: object | undefined, expected: boolean][] = [
    ["every locked package", { "node_modules/a": { version: "1.2.3" } }, true],
    ["another version", { "node_modules/a": { version: "1.2.4" } }, false],
    ["no package", {}, false],
    ["no list of packages, as after an interrupted install,", undefined, false],
  ];
  for (const [title, installed, expected] of cases) {
    it(`is ${expected} with ${title}`, async () => {
      await withPlace(async ({ folder }) => {
        const { isInstalled } = await import("../../scripts/setup/dependencies.mjs");
        await write(join(folder, "package-lock.json"), JSON.stringify({ packages: locked }));
        if (installed !== undefined) {
          const hidden = join(folder, "node_modules", ".package-lock.json");
          await write(hidden, JSON.stringify({ packages: installed }));
        }
        assert.equal(await isInstalled(folder), expected);
      });
    });
  }
});

describe("linkPackage", () => {
  it("links the package and its commands, and replaces what is in the way", async () => {
    await withPlace(async ({ folder }) => {
      const { linkPackage } = await import("../../scripts/setup/links.mjs");
      const modules = join(folder, "node_modules");
      await write(join(modules, "pulumi-ostor", "package.json"), "{}");
      await linkPackage(folder);
      await linkPackage(folder);
      assert.equal(await readlink(join(modules, "pulumi-ostor")), "..");
      const { bin } = JSON.parse(await readFile("package.json", "utf8")) as {
        bin: Record<string, string>;
      };
      for (const [name, file] of Object.entries(bin)) {
        const command = await readlink(join(modules, ".bin", name));
        assert.equal(join(modules, ".bin", command), join(folder, file));
      }
    });
  });
});

describe("buildPackage", () => {
  /** A package whose "compiler" copies the sources and lists the written files as tsc does. */
  async function writePackage(folder: string): Promise<void> {
    const compiler = `test ! -e broken || exit 1
mkdir -p dist && cp -r provider cli dist
find provider cli -type f | sed "s|^|TSFILE: $PWD/dist/|"`;
    await write(join(folder, "build.sh"), compiler);
    await write(
      join(folder, "package.json"),
      JSON.stringify({ scripts: { build: "sh build.sh" } }),
    );
    const settings = JSON.stringify({ include: ["provider", "cli"] });
    await write(join(folder, "tsconfig.build.json"), settings);
    await write(join(folder, "provider", "a.js"), "1");
    await write(join(folder, "provider", "b.js"), "1");
    await write(join(folder, "cli", "index.js"), "1");
  }

  it("compiles only if the sources or dist/ have changed", async () => {
    await withPlace(async ({ folder, lines, options }) => {
      const { buildPackage } = await import("../../scripts/setup/build.mjs");
      const build = async (): Promise<number> => {
        lines.length = 0;
        await buildPackage(folder, options.log);
        return lines.length;
      };
      await writePackage(folder);
      assert.deepEqual([await build(), await build()], [1, 0]);
      for (const source of ["provider/a.js", "cli/index.js"]) {
        await write(join(folder, source), "2");
        assert.deepEqual([await build(), await build()], [1, 0]);
      }
      await rm(join(folder, "dist", "cli"), { recursive: true });
      assert.deepEqual([await build(), await build()], [1, 0]);
    });
  });

  it("deletes the output of a deleted source", async () => {
    await withPlace(async ({ folder, options }) => {
      const { buildPackage } = await import("../../scripts/setup/build.mjs");
      await writePackage(folder);
      await buildPackage(folder, options.log);
      assert.ok(existsSync(join(folder, "dist", "provider", "b.js")));
      await rm(join(folder, "provider", "b.js"));
      await buildPackage(folder, options.log);
      assert.ok(!existsSync(join(folder, "dist", "provider", "b.js")));
    });
  });

  it("keeps the old dist/ and names the fix if the package does not compile", async () => {
    await withPlace(async ({ folder, options }) => {
      const { buildPackage } = await import("../../scripts/setup/build.mjs");
      await writePackage(folder);
      await buildPackage(folder, options.log);
      await write(join(folder, "provider", "a.js"), "2");
      await write(join(folder, "broken"), "");
      await assert.rejects(buildPackage(folder, options.log), /does not compile.*npm run build/);
      assert.equal(await readFile(join(folder, "dist", "provider", "a.js"), "utf8"), "1");
    });
  });
});

describe("checkNode", () => {
  it("names the version to install if Node.js is too old", async () => {
    const { checkNode } = await import("../../scripts/setup/nodeVersion.mjs");
    checkNode(".", "20.19.0");
    assert.throws(() => {
      checkNode(".", "20.18.3");
    }, /Node\.js 20\.18\.3 is too old: install 20\.19 or newer/);
  });
});
