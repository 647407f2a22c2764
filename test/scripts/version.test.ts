import assert from "node:assert/strict";

describe("isAtLeast", () => {
  const cases: [version: string, least: string, expected: boolean][] = [
    ["3.227.0", "3.227.0", true],
    ["3.226.9", "3.227.0", false],
    ["3.227.1", "3.227.0", true],
    ["4.0.0", "3.227.0", true],
    ["2.999.0", "3.227.0", false],
    ["3.1000.0", "3.227.0", true],
    ["v3.259.0-dev.0", "3.227.0", true],
    ["1.25", "1.25.11", false],
    ["1.26", "1.25.11", true],
    ["20.9.0", "20.19", false],
  ];
  for (const [version, least, expected] of cases) {
    it(`is ${expected} for ${version} and ${least}`, async () => {
      const { isAtLeast } = await import("../../scripts/engine/version.mjs");
      assert.equal(isAtLeast(version, least), expected);
    });
  }
});

describe("pinned", () => {
  it("reads the versions of the engine and of Go from go.mod", async () => {
    const { pinned } = await import("../../scripts/engine/version.mjs");
    const { engine, go } = pinned("scripts/engine");
    assert.match(engine, /^3\.\d+\.\d+$/);
    assert.match(go, /^1\.\d+/);
  });
});
