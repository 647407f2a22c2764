import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

/** Runs a program in the checkout, where the package name resolves to dist/. */
function output(program: string, kind: "module" | "commonjs"): string {
  const flags = [`--input-type=${kind}`, "--eval", program];
  return execFileSync(process.execPath, flags, {
    cwd: resolve(__dirname, "../.."),
    encoding: "utf8",
  });
}

describe("a program that imports the package", () => {
  it("loads no schemas, HTTP or signing before it reads data", () => {
    const loaded = output(
      `require("pulumi-ostor"); console.log(JSON.stringify(Object.keys(require.cache)))`,
      "commonjs",
    );
    const files = JSON.parse(loaded) as string[];
    assert.ok(files.some((file) => file.endsWith("dist/sdk/index.js")));
    const heavy = files.filter((file) =>
      /node_modules\/(zod|undici|aws4|cockatiel|fast-xml-parser)\//.test(file),
    );
    assert.deepEqual(heavy, []);
  });

  it("finds every name in an ES module", () => {
    const names = output(
      `import * as ostor from "pulumi-ostor"; import { User, getUsersOutput } from "pulumi-ostor";
       console.log([typeof User, typeof getUsersOutput, Object.keys(ostor).filter((name) => name !== "default" && name !== "module.exports" && name !== "__esModule").sort()].join());`,
      "module",
    );
    assert.equal(
      names.trim(),
      "function,function,AccessKey,Bucket,Provider,RotatingAccessKey,Tenant,User,getBucket,getBucketOutput,getBuckets,getBucketsOutput,getUser,getUserOutput,getUsers,getUsersOutput,usePlugin",
    );
  });
});
