import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Language } from "../../../scripts/languages.mjs" with { "resolution-mode": "import" };
import { requireSuccess, run } from "../../engine/harness";
import { createProject, requireLanguages, type Project } from "../harness";
import { compileGo, compileTypeScript, installPythonSdk } from "../sdks";

/** A program that uses nothing, so that only the SDK is compiled. */
const emptyProgram = `package main

import (
	_ "example.com/pulumi-ostor/sdk/go/ostor"
	_ "example.com/pulumi-ostor/sdk/go/ostor/config"
)

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
    const sdk = await compileTypeScript({ project: await project(this, []) });
    assert.ok(readdirSync(sdk).includes("user.d.ts"));
    const manifest = readFileSync(join(sdk, "package.json"), "utf8");
    assert.equal((JSON.parse(manifest) as { name: string }).name, "@pulumi-ostor/sdk");
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

  it("are not generated from a schema with a mistake", async function () {
    const { directory, environment } = await project(this, []);
    const schema = {
      name: "ostor",
      version: "0.1.0",
      resources: { "ostor:index:User": { properties: {}, required: ["emailAddress"] } },
    };
    writeFileSync(join(directory, "schema.json"), JSON.stringify(schema));
    const words = ["schema.json", "sdks"];
    const { code, output } = await run("ostor-codegen", words, directory, environment);
    assert.equal(code, 1, output);
    assert.match(output, /ostor:index:User.*emailAddress/);
    assert.ok(!readdirSync(directory).includes("sdks"));
  });
});
