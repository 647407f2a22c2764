import assert from "node:assert/strict";
import { requireSuccess } from "../../engine/harness";
import { upAndDestroy, useProject } from "../useProject";

const typescriptProgram = `import * as ostor from "pulumi-ostor";

const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example", state: "enabled" });
const backup = new ostor.AccessKey("acme-backup", { user: tenant });
export const accessKeyId = backup.accessKeyId;
export const secretAccessKey = backup.secretAccessKey;
export const buckets = ostor.getBucketsOutput({ user: tenant });
export const bytes = buckets.buckets.apply((all) =>
  all.reduce((sum, { currentBytes }) => sum + currentBytes, 0),
);
`;

const wrongLines = [
  `new ostor.User("acme", { emailAddress: "ops@acme.example", state: "off" });`,
  `ostor.getUser({ userId: "1" }).then((user) => user.secretAccessKey);`,
  `new ostor.AccessKey("key", {});`,
];
const wrongProgram = ['import * as ostor from "pulumi-ostor";', ...wrongLines, ""].join("\n");

const esModuleProgram = `import { AccessKey, User, getBucketsOutput } from "pulumi-ostor";

const tenant = new User("acme", { emailAddress: "ops@acme.example" });
export const { secretAccessKey } = new AccessKey("acme-backup", { user: tenant });
export const { buckets } = getBucketsOutput({ user: tenant });
`;

/** The lines of `wrong.ts` in which the compiler reports an error. */
function linesOf(output: string): string[] {
  return [...output.matchAll(/^wrong\.ts\((\d+),/gm)].map(([, line]) => line ?? "");
}

describe("the packed package in an empty TypeScript project", () => {
  const used = useProject(["@pulumi/pulumi", "typescript", "@types/node"]);
  const check = (file: string, ...flags: string[]) =>
    used.project.run("npx", [
      ...["--no-install", "tsc", "--noEmit", "--strict", "--target", "es2022"],
      ...[...flags, file],
    ]);
  const modern = ["--module", "node16", "--skipLibCheck", "false"];

  it("compiles without errors, including its own types and those that they use", async () => {
    used.project.write("index.ts", typescriptProgram);
    requireSuccess(await check("index.ts", ...modern));
    requireSuccess(await check("index.ts", ...modern, "--exactOptionalPropertyTypes"));
  });

  it("rejects a wrong user state, a secret of a get function and a key without a user", async () => {
    used.project.write("wrong.ts", wrongProgram);
    const { code, output } = await check("wrong.ts", ...modern);
    assert.notEqual(code, 0);
    assert.deepEqual(linesOf(output), ["2", "3", "4"]);
  });

  it("has the same types for a project of Pulumi's older template", async () => {
    const older = ["--module", "commonjs", "--moduleResolution", "node", "--skipLibCheck"];
    requireSuccess(await check("index.ts", ...older));
    assert.deepEqual(linesOf((await check("wrong.ts", ...older)).output), ["2", "3", "4"]);
  });

  it("runs a program", async () => {
    used.project.write(
      "tsconfig.json",
      '{ "compilerOptions": { "strict": true, "target": "es2022", "module": "node16" }, "files": ["index.ts"] }\n',
    );
    used.project.write("index.ts", typescriptProgram);
    await upAndDestroy(used, "typescript");
  });

  it("runs an ES module", async () => {
    used.project.write("esm/package.json", '{ "type": "module", "main": "index.js" }\n');
    used.project.write("esm/index.js", esModuleProgram);
    await upAndDestroy(used, "esm", "esm");
  });
});
