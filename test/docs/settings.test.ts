import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentName, settingNames } from "../../provider/settings/names";
import { parseSettings } from "../../provider/settings/settings";
import { root } from "./markdown";

const required = {
  endpoint: "https://s3.example.com",
  accessKeyId: "AKSYSTEMUSER",
  secretAccessKey: "secret",
};

/** The rows of the table of a page: the setting, its variable and its default, if the page has them. */
function rowsOf(page: string): string[][] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^\| `ostor:(\w+)` +\| `(\w+)` +\| ([^|]*?) +\|/gm)].map(
    ([, name = "", variable = "", value = ""]) => [name, variable, value.replaceAll("`", "")],
  );
}

describe("docs/settings.md", () => {
  it("lists each setting with its variable and its default", () => {
    const { settings } = parseSettings(required);
    const expected = settingNames.map((name) => {
      const value = name in required ? "required" : String(settings?.[name] ?? "");
      return [name, environmentName(name), value];
    });
    assert.deepEqual(rowsOf("docs/settings.md"), expected);
  });

  it("has every setting of the README's table", () => {
    const all = rowsOf("docs/settings.md").map(([name, variable]) => `${name} ${variable}`);
    const few = rowsOf("README.md").map(([name, variable]) => `${name} ${variable}`);
    assert.ok(few.length > 0);
    assert.deepEqual(
      few.filter((row) => !all.includes(row)),
      [],
    );
  });
});
