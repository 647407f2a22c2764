import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import * as sdk from "../../sdk";
import { root } from "./markdown";

/** The `@example` of each declaration of sdk/ that has one, by name. */
function documentedExamples(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of readdirSync(join(root, "sdk")).filter((name) => name.endsWith(".ts"))) {
    const text = readFileSync(join(root, "sdk", file), "utf8");
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    for (const node of source.statements) {
      if (!ts.isClassDeclaration(node) && !ts.isFunctionDeclaration(node)) continue;
      const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === "example");
      if (tag) found.set(node.name?.text ?? "", ts.getTextOfJSDocComment(tag.comment) ?? "");
    }
  }
  return found;
}

/** The regions of the programs that test/examples/long runs. */
function runExamples(): Map<string, string> {
  const programs = ["examples/reference/index.ts", "examples/plugin/index.ts"];
  const text = programs.map((file) => readFileSync(join(root, file), "utf8")).join("\n");
  const regions = text.matchAll(/^\/\/ #region (\w+)\n(.*?)^\/\/ #endregion \1$/gms);
  return new Map([...regions].map(([, name = "", code = ""]) => [name, code]));
}

const lines = (code: string) => code.split("\n").map((line) => line.trim());

describe("the examples in the documentation of the package", () => {
  const documented = documentedExamples();
  const run = runExamples();

  it("exist for each resource and function", () => {
    assert.deepEqual([...documented.keys()].sort(), Object.keys(sdk).sort());
  });

  for (const [name, code] of documented) {
    it(`contain the code that was run for ${name}`, () => {
      assert.deepEqual(lines(code.trim()), lines((run.get(name) ?? "").trim()));
    });
  }
});
