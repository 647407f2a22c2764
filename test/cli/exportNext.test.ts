import assert from "node:assert/strict";
import { join, relative } from "node:path";
import type { Exported, ExportOptions } from "../../cli/export/export";
import { exportedText } from "../../cli/export/print";
import { useShell } from "./shell";

const odd = 'it\'s  a $(touch x) `y` \\ "folder";&';

describe("the next steps that pulumi-ostor export prints", () => {
  const shell = useShell("pulumi");

  const textOf = (options: Partial<ExportOptions>, path = "tenants/import.json") => {
    const exported = { tenants: [], endpoint: "e", paths: [path], administrative: 0, leftOut: [] };
    const wanted = { cwd: process.cwd(), out: "tenants", format: "import", ...options };
    const all = { ...exported, source: "stack dev", hasStates: true };
    return exportedText(all satisfies Exported, wanted as ExportOptions);
  };

  /** The words of each command in the text that a pattern finds, parsed by a shell. */
  const pasted = (text: string, pattern: RegExp) => shell.wordsOf(pattern.exec(text)?.[1] ?? "");

  it("are short without a named stack and folder", () => {
    assert.match(
      textOf({}),
      /\nNext: pulumi import --file tenants\/import\.json --generate-code=false\nThen remove tenants\/import\.json, .* run pulumi up with /,
    );
    assert.match(
      textOf({ format: "ts" }),
      /\nNext: import "\.\/tenants"; in the program of the stack, then run: pulumi preview && pulumi up\n$/,
    );
  });

  it("name the same stack and folder, and the file, whatever their names contain", () => {
    const cwd = join(shell.folder, odd);
    const file = join(cwd, "tenants", "import.json");
    const where = ["--cwd", cwd, "--stack", "$HOME'"];
    const text = textOf({ cwd, stack: "$HOME'" }, relative(process.cwd(), file));
    assert.deepEqual(pasted(text, /^Next: (.*)$/m), [
      ["import", ...where, "--file", file, "--generate-code=false"],
    ]);
    assert.deepEqual(pasted(text, / and run (.*) with what /), [["up", ...where]]);
    const program = textOf({ cwd, stack: "$HOME'", format: "json" });
    assert.deepEqual(pasted(program, / then run: (.*)$/m), [
      ["preview", ...where],
      ["up", ...where],
    ]);
  });

  it("quote the file if only its folder has a special name", () => {
    const path = `${odd}/import.json`;
    assert.deepEqual(pasted(textOf({ out: odd }, path), /^Next: (.*)$/m), [
      ["import", "--file", path, "--generate-code=false"],
    ]);
  });

  it("import a folder, never a package, in valid syntax", () => {
    for (const [out, imported] of [
      [".tenants", "./.tenants"],
      ["..tenants", "./..tenants"],
      ["../tenants", "../tenants"],
      ["..", ".."],
      [".", "./"],
      ['a "b"', './a \\"b\\"'],
    ] as const) {
      const text = textOf({ out, format: "ts" });
      assert(text.includes(`\nNext: import "${imported}"; in the program`), text);
    }
  });
});
