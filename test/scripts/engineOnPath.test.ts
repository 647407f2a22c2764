import assert from "node:assert/strict";
import { mkdir, readdir, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";

import { goBuilds, installGo, installPulumi, withPlace, writeScript } from "./fakes";

const plugin = "pulumi-resource-pulumi-nodejs";

describe("an engine on PATH", () => {
  it("is used if it is new enough", async () => {
    await withPlace(async ({ bin, lines, options }) => {
      const { findEngine } = await import("../../scripts/engine.mjs");
      await installPulumi(bin, "3.227.0");
      await writeScript(join(bin, plugin), "");
      const engine = await findEngine(options);
      const { pulumi, source, version } = engine;
      assert.deepEqual([pulumi, source, version], [join(bin, "pulumi"), "PATH", "3.227.0"]);
      assert.equal(engine.path.split(delimiter).at(-1), bin);
      assert.deepEqual(lines, []);
    });
  });

  it("gets the plugin for dynamic providers if it has none", async () => {
    await withPlace(async ({ bin, options }) => {
      const { findEngine } = await import("../../scripts/engine.mjs");
      const { findOnPath } = await import("../../scripts/engine/onPath.mjs");
      await installPulumi(bin, "3.300.0");
      const { path } = await findEngine(options);
      assert.ok(findOnPath(plugin, path), path);
    });
  });

  it("is complete through a link", async () => {
    await withPlace(async ({ folder, bin, options }) => {
      const { findEngine } = await import("../../scripts/engine.mjs");
      const installed = join(folder, "installed");
      await installPulumi(installed, "3.300.0");
      await symlink(join(installed, "pulumi"), join(bin, "pulumi"));
      assert.equal((await findEngine(options)).source, "PATH");
    });
  });

  const faults: [title: string, install: (bin: string) => Promise<void>, logged: RegExp][] = [
    [
      "is too old",
      (bin) => installPulumi(bin, "3.226.1"),
      /^Ignoring .*pulumi: 3\.226\.1 is older than 3\.227\.0\.$/,
    ],
    [
      "cannot run Node.js programs",
      (bin) => writeScript(join(bin, "pulumi"), "echo v3.259.0"),
      /^Ignoring .*pulumi: pulumi-language-nodejs is neither/,
    ],
    [
      "does not run",
      (bin) => writeScript(join(bin, "pulumi"), "exit 1"),
      /^Ignoring .*pulumi: "pulumi version" prints no version/,
    ],
  ];
  for (const [title, install, logged] of faults) {
    it(`is ignored, with the reason, if it ${title}`, async () => {
      await withPlace(async (place) => {
        const { findEngine } = await import("../../scripts/engine.mjs");
        await install(place.bin);
        await installGo(place);
        assert.equal((await findEngine(place.options)).source, "build");
        assert.match(place.lines[0] ?? "", logged);
      });
    });
  }
});

describe("a cached engine", () => {
  it("is used again without a message, with its source", async () => {
    await withPlace(async (place) => {
      const { findEngine } = await import("../../scripts/engine.mjs");
      await installGo(place);
      const first = await findEngine(place.options);
      place.lines.length = 0;
      assert.deepEqual(await findEngine(place.options), first);
      assert.deepEqual(place.lines, []);
      assert.equal((await goBuilds(place)).length, 2);
    });
  });

  it("is built again if it no longer runs", async () => {
    await withPlace(async (place) => {
      const { findEngine } = await import("../../scripts/engine.mjs");
      await installGo(place);
      const { pulumi } = await findEngine(place.options);
      await writeScript(pulumi, "exit 1");
      place.lines.length = 0;
      await findEngine(place.options);
      assert.match(
        place.lines[0] ?? "",
        /^The cached engine does not work \(.*\)\. Installing it again/,
      );
      assert.equal((await goBuilds(place)).length, 4);
    });
  });

  it("is in XDG_CACHE_HOME, else in HOME", async () => {
    const { userCache } = await import("../../scripts/engine/cache.mjs");
    assert.equal(userCache({ XDG_CACHE_HOME: "/x", HOME: "/h" }), "/x/pulumi-ostor");
    assert.match(userCache({ HOME: "/h" }), /^\/h\/(\.cache|Library\/Caches)\/pulumi-ostor$/);
  });

  it("is built after the leftovers of a killed build are removed", async () => {
    await withPlace(async (place) => {
      const { findEngine } = await import("../../scripts/engine.mjs");
      await installGo(place);
      const name = `3.259.0-${process.platform}-${process.arch}`;
      await mkdir(join(place.cache, "engine", `${name}.tmp-1`), { recursive: true });
      await findEngine(place.options);
      assert.deepEqual(await readdir(join(place.cache, "engine")), [name]);
    });
  });
});
