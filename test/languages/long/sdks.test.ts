import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Language } from "../../../scripts/languages.mjs" with { "resolution-mode": "import" };
import { readPage } from "../../docs/markdown";
import { requireSuccess, run } from "../../engine/harness";
import { createProject, requireLanguages, type Project } from "../harness";
import { compileGo, compileTypeScript, installPythonSdk } from "../sdks";

/** The examples of a language in docs/resources. */
async function documented(language: string): Promise<string[]> {
  const { resourcePages } = await import("../../../scripts/docs/resources.mjs");
  const blocks = resourcePages.flatMap((page) => readPage(page).blocks);
  return blocks.filter((block) => block.language === language).map(({ text }) => text);
}

/** A program that compiles the examples of the pages, each with the users that others declare. */
const goProgram = (examples: string[]) => `package main

import (
	"example.com/pulumi-ostor/sdk/go/ostor"
	_ "example.com/pulumi-ostor/sdk/go/ostor/config"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {}
${examples.map((text, index) => `\nfunc example${index}(ctx *pulumi.Context, tenant, partner *ostor.User) error {\n${text}\nreturn nil\n}\n`).join("")}`;

/** A program that runs the examples of the pages in one process, on an engine that accepts everything. */
const pythonProgram = (examples: string[]) => `
import pulumi
class Accept(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return [args.name, args.inputs]
    def call(self, args):
        return {}
pulumi.runtime.set_mocks(Accept())
import pulumi_ostor as ostor
partner = ostor.User("initech", email_address="ops@initech.example")
${examples.join("\n")}`;

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

  it("are imported by Python, with all resources and functions, and run the documented examples", async function () {
    const created = await project(this, ["python"]);
    await installPythonSdk({ project: created });
    const names = ["User", "AccessKey", "RotatingAccessKey", "Bucket", "Provider"];
    const functions = ["get_user", "get_users", "get_bucket", "get_buckets"];
    const line = `import pulumi_ostor as o; print([o.${[...names, ...functions].join(", o.")}])`;
    const { folder, environment } = created;
    requireSuccess(await run("python3", ["-W", "error", "-c", line], folder, environment));
    const program = pythonProgram(await documented("python"));
    requireSuccess(await run("python3", ["-c", program], folder, environment));
    const wrong = await run(
      "python3",
      ["-c", `${program}\nostor.User("a", mail="")`],
      folder,
      environment,
    );
    assert.match(wrong.output, /TypeError.*mail/);
  });

  it("compile in Go, with the documented examples", async function () {
    const created = await project(this, ["go"]);
    await compileGo({ project: created }, goProgram(await documented("go")));
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
