import assert from "node:assert/strict";
import { readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Language } from "../../../scripts/languages.mjs" with { "resolution-mode": "import" };
import { requireSuccess, run } from "../../engine/harness";
import { createProject, requireLanguages, root, type Project } from "../harness";
import { compileGo, generateSdks, installPythonSdk } from "../sdks";

/** A program that uses nothing, so that only the SDK is compiled. */
const emptyProgram = `package main

import _ "example.com/pulumi-ostor/sdk/go/ostor"

func main() {}
`;

describe("the generated SDKs", function () {
  this.timeout(600_000);
  const projects: Project[] = [];
  after(() => {
    for (const project of projects) project.remove();
  });

  async function project(test: Mocha.Context, needs: Language[]): Promise<Project> {
    const path = await requireLanguages(test, [...needs, "codegen"]);
    const created = await createProject("yaml", { path });
    projects.push(created);
    return created;
  }

  it("compile in TypeScript", async function () {
    const { environment, ...rest } = await project(this, []);
    const sdk = join(await generateSdks({ environment, ...rest }), "nodejs");
    symlinkSync(join(root, "node_modules"), join(sdk, "node_modules"));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    requireSuccess(await run(process.execPath, [tsc, "-p", sdk], sdk, environment));
    assert.ok(readdirSync(join(sdk, "bin")).includes("user.d.ts"));
  });

  it("are imported by Python, with all resources and functions", async function () {
    const created = await project(this, ["python"]);
    await installPythonSdk({ project: created });
    const names = ["User", "AccessKey", "RotatingAccessKey", "Bucket", "Provider"];
    const functions = ["get_user", "get_users", "get_bucket", "get_buckets"];
    const line = `import pulumi_ostor as o; print([o.${[...names, ...functions].join(", o.")}])`;
    const { folder, environment } = created;
    requireSuccess(await run("python3", ["-W", "error", "-c", line], folder, environment));
  });

  it("compile in Go", async function () {
    const created = await project(this, ["go"]);
    await compileGo({ project: created }, emptyProgram);
  });
});
