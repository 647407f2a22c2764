import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireSuccess } from "../../engine/harness";
import { watchSecrets } from "../../engine/secretWatch";
import { root, useProject } from "../harness";
import { compileGo, installPythonSdk } from "../sdks";

// From -v=9 on, the engine itself prints what it sends to a plugin.
const verbose = ["-v=7", "--logtostderr", "--debug", "--diff"];

type Used = ReturnType<typeof useProject>;

const programs = {
  YAML: {
    open: () => useProject("yaml", ["yaml"], { example: "examples/yaml" }),
    prepare: () => Promise.resolve(),
  },
  Python: {
    open: () => useProject("python", ["python", "codegen"], { example: "examples/python" }),
    prepare: async (used: Used) => {
      await installPythonSdk(used);
      withoutExportedSecret(join(used.project.folder, "__main__.py"));
    },
  },
  Go: {
    open: () => useProject("go", ["go", "codegen"]),
    prepare: (used: Used) =>
      compileGo(used, readFileSync(join(root, "examples/go/main.go"), "utf8")),
  },
};

/** Pulumi's SDK for Python prints the outputs of a stack with `--debug`, also the secret ones (docs/state-and-secrets.md). */
function withoutExportedSecret(file: string): void {
  const text = readFileSync(file, "utf8");
  const rest = text.replace(/^pulumi\.export\("secretAccessKey".*\n/m, "");
  assert.notEqual(rest, text);
  writeFileSync(file, rest);
}

for (const [language, { open, prepare }] of Object.entries(programs)) {
  describe(`secrets in runs of the example in ${language}`, function () {
    this.timeout(600_000);
    const used = open();
    before(() => prepare(used));

    it("are neither printed nor stored in plain text by verbose runs", async () => {
      const { emulator, project } = used;
      const watch = watchSecrets({ emulator, stack: project });
      emulator.failNext({ operation: "generateKey", kind: "resetAfter" });
      await watch.record(project.up(...verbose));
      requireSuccess(await watch.record(project.up(...verbose)));
      requireSuccess(await watch.record(project.preview("--refresh", ...verbose)));
      requireSuccess(await watch.record(project.destroy(...verbose)));
      watch.assertNotPrinted();
      watch.assertNotStored();
    });
  });
}
