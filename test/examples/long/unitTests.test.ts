import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { engineEnvironment, run } from "../../engine/harness";

const root = resolve(__dirname, "../../..");

describe("the example unit-tests", () => {
  let directory = "";
  let project = "";
  let npx: (...words: string[]) => ReturnType<typeof run>;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "pulumi-ostor-example-"));
    project = join(directory, "project");
    cpSync(join(root, "examples/unit-tests"), project, { recursive: true });
    symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
    const environment = await engineEnvironment(directory);
    npx = (...words) => run("npx", ["--no-install", ...words], project, environment);
  });
  after(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it("passes its own tests", async () => {
    const manifest = readFileSync(join(project, "package.json"), "utf8");
    const { scripts } = JSON.parse(manifest) as { scripts: { test: string } };
    const { code, output } = await npx(...scripts.test.replaceAll("'", "").split(" "));
    assert.equal(code, 0, output);
    assert.match(output, /\b5 passing/);
  });

  it("fails its tests with mocks when the program no longer suspends a tenant", async () => {
    const file = join(project, "tenants.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace('"disabled"', '"enabled"'));
    const { code, output } = await npx("mocha", "--require", "tsx/cjs", "mocks.test.ts");
    assert.equal(code, 1, output);
    assert.match(output, /1 failing/);
  });
});
