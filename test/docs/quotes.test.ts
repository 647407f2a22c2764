import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { markdownFiles, readPage, root } from "./markdown";

/** The lines without their indentation, which a page may omit. */
const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => line.trim())
    .join("\n");

describe("code that a page quotes from a file", () => {
  for (const page of markdownFiles()) {
    for (const { from, text } of readPage(page).blocks) {
      if (from === undefined) continue;
      it(`is in ${from} as ${page} quotes it: ${text.split("\n", 1)[0] ?? ""}`, () => {
        assert.ok(lines(readFileSync(join(root, from), "utf8")).includes(lines(text)), text);
      });
    }
  }

  it("exists", () => {
    assert.ok(readPage("docs/unit-tests.md").blocks.some(({ from }) => from !== undefined));
  });
});
