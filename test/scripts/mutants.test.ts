import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../..");

describe("the faults that npm run mutants plants", () => {
  it("are each at one place of the source", async () => {
    const { mutants } = await import("../mutants/mutants.mjs");
    const missing = mutants.filter(
      ({ file, from }) => readFileSync(join(root, file), "utf8").split(from).length !== 2,
    );
    assert.deepEqual(missing, []);
  });

  it("have names of their own", async () => {
    const { mutants } = await import("../mutants/mutants.mjs");
    const names = mutants.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
  });

  it("are caught by fixed tests: random cases may miss one", async () => {
    const { mutants } = await import("../mutants/mutants.mjs");
    const random = mutants.filter(({ tests }) => tests.includes("test/fuzz/"));
    assert.deepEqual(random, []);
  });
});
