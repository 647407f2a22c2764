import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { markdownFiles, readPage, root } from "./markdown";

/** The lines without their indentation: a page shows a part of a file from its left edge. */
const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => line.trim())
    .join("\n");

describe("code that a page takes from a file", () => {
  for (const page of markdownFiles()) {
    for (const { from, text } of readPage(page).blocks) {
      if (from === undefined) continue;
      it(`stands in ${from} as ${page} shows it: ${text.split("\n", 1)[0] ?? ""}`, () => {
        assert.ok(lines(readFileSync(join(root, from), "utf8")).includes(lines(text)), text);
      });
    }
  }

  it("is there", () => {
    assert.ok(readPage("docs/unit-tests.md").blocks.some(({ from }) => from !== undefined));
  });
});
