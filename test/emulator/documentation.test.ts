import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultAssumptions, profiles } from "../../emulator";
import { nodePackages, pythonPackages } from "./clients/installed";

const text = readFileSync(join(__dirname, "..", "..", "docs", "emulator.md"), "utf8");

describe("docs/emulator.md", () => {
  for (const [name, value] of Object.entries(defaultAssumptions)) {
    it(`describes ${name} with its default`, () => {
      const row = new RegExp(`^\\| \`${name}\` +\\| ([^|]*?) +\\| `, "m").exec(text);
      const expected = Array.isArray(value) ? value.join(", ") : String(value);
      assert.equal(row?.[1], expected);
    });
  }

  for (const each of [...pythonPackages, ...nodePackages]) {
    it(`has the tested version of ${each} in its table of clients`, () => {
      const version = each.split(/==|@/)[1] ?? "";
      assert.ok(text.includes(` ${version} `) || text.includes(` ${version})`), version);
    });
  }

  for (const name of Object.keys(profiles)) {
    it(`describes the profile ${name}`, () => {
      assert.match(text, new RegExp(`^\\| \`${name}\` +\\| `, "m"));
    });
  }
});
