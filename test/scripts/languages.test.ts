import assert from "node:assert/strict";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { goBuilds, installGo, type Place, withPlace, writeScript } from "./fakes";

async function find(place: Place, languages: ("yaml" | "python" | "go" | "codegen")[]) {
  const { findLanguages } = await import("../../scripts/languages.mjs");
  const { log, env, cacheDir } = place.options;
  return await findLanguages({ log, env, cacheDir, languages });
}

const cached = (place: Place) => readdir(join(place.cache, "languages"));

describe("findLanguages", () => {
  it("builds a host from its pinned module once, and then uses it without a message", async () => {
    await withPlace(async (place) => {
      await installGo(place);
      const first = await find(place, ["yaml"]);
      assert.deepEqual(first.missing, {});
      assert.deepEqual(await readdir(first.path), ["pulumi-language-yaml"]);
      const [build = "", ...more] = await goBuilds(place);
      assert.match(build, /languages\/yaml build .*pulumi-yaml\/cmd\/pulumi-language-yaml$/);
      assert.deepEqual(more, []);
      assert.match(
        place.lines.join("\n"),
        /^Installing the YAML .* 1\.\d+\.\d+\..*\nInstalled the YAML/,
      );
      place.lines.length = 0;
      assert.deepEqual(await find(place, ["yaml"]), first);
      assert.deepEqual([place.lines, (await goBuilds(place)).length], [[], 1]);
    });
  });

  it("uses a host that is installed", async () => {
    await withPlace(async (place) => {
      await writeScript(join(place.bin, "pulumi-language-yaml"), "");
      assert.deepEqual(await find(place, ["yaml"]), { path: "", missing: {} });
    });
  });

  it("names what is missing for each language, and finds the others", async () => {
    await withPlace(async (place) => {
      await writeScript(join(place.bin, "pulumi-language-yaml"), "");
      const { path, missing } = await find(place, ["yaml", "python", "go", "codegen"]);
      assert.equal(path, "");
      assert.deepEqual(Object.keys(missing), ["python", "go", "codegen"]);
      assert.match(missing.python ?? "", /python3 is not on PATH\. Install Python/);
      assert.match(missing.go ?? "", /Go is needed to compile Go programs, .*https:\/\/go\.dev/);
      assert.match(missing.codegen ?? "", /Go is needed to build the SDK generator/);
    });
  });

  it("reports a build that fails, and leaves nothing in the cache", async () => {
    await withPlace(async (place) => {
      await installGo(place, "1.99.0", 'echo half > "$5/half"; echo "no network" >&2; exit 1');
      const { missing } = await find(place, ["yaml"]);
      assert.match(missing.yaml ?? "", /go build .* failed \(exit code 1\):\nno network\n/);
      assert.deepEqual(await cached(place), []);
    });
  });

  it("creates the virtual environment again if its Python was removed", async () => {
    await withPlace(async (place) => {
      const python = join(place.bin, "python3");
      const copy =
        '[ "$2" = venv ] && /bin/mkdir "$3/bin" && /bin/cp "$0" "$3/bin/python3"; exit 0';
      await writeScript(python, copy);
      await writeScript(join(place.bin, "pulumi-language-python"), "");
      const { path } = await find(place, ["python"]);
      await rm(join(path, "python3"));
      await writeFile(join(path, "of the old Python"), "");
      assert.equal((await find(place, ["python"])).path, path);
      assert.deepEqual(await readdir(path), ["python3"]);
    });
  });
});
