import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import * as ostor from "../../sdk";

const run = promisify(execFile);
const root = resolve(__dirname, "../..");

/** Runs a program on the built package, as in a project that installed it. */
async function print(type: "module" | "commonjs", program: string): Promise<unknown> {
  const flags = [`--input-type=${type}`, "-e", program];
  const { stdout } = await run("node", flags, { cwd: root });
  return JSON.parse(stdout);
}

const names = [
  "AccessKey",
  "Bucket",
  "Provider",
  "RotatingAccessKey",
  "Tenant",
  "User",
  "getBucket",
  "getBucketOutput",
  "getBuckets",
  "getBucketsOutput",
  "getUser",
  "getUserOutput",
  "getUsers",
  "getUsersOutput",
  "usePlugin",
];

describe("the package", () => {
  it("exports the names in its documentation, and no others", () => {
    assert.deepEqual(Object.keys(ostor).sort(), names);
  });

  it("can be imported from an ES module, by name and as a namespace", async () => {
    const program = `import * as ostor from "pulumi-ostor";
      import { ${names.join(", ")} } from "pulumi-ostor";
      const types = [${names.join(", ")}].map((each) => typeof each);
      console.log(JSON.stringify([Object.keys(ostor).sort(), types]));`;
    const [keys = [], types] = (await print("module", program)) as string[][];
    const own = /^(default|module\.exports|__esModule)$/;
    assert.deepEqual(
      keys.filter((name) => !own.test(name)),
      names,
    );
    assert.deepEqual(
      types,
      names.map(() => "function"),
    );
  });

  it("loads only itself and what the Pulumi SDK loads, which is no schemas, HTTP or signing", async () => {
    const program = `const loaded = () => Object.keys(require.cache);
      require("@pulumi/pulumi");
      require("@pulumi/pulumi/runtime/mocks");
      const before = loaded();
      require("pulumi-ostor");
      console.log(JSON.stringify([before, loaded().filter((file) => !before.includes(file))]));`;
    const [before = [], files = []] = (await print("commonjs", program)) as string[][];
    const sdk = resolve(root, "dist/sdk");
    assert(files.length > 5);
    assert.deepEqual(
      files.filter((file) => !file.startsWith(sdk)),
      [],
    );
    const heavy = /node_modules\/(zod|undici|aws4|cockatiel|fast-xml-parser)\//;
    assert.deepEqual(
      before.filter((file) => heavy.test(file)),
      [],
    );
  });

  it("loads the client with pulumi-ostor/provider, and HTTP with its first request", async () => {
    const program = `const { lookups } = require("pulumi-ostor/provider");
      const loaded = () => {
        const files = Object.keys(require.cache).join();
        return ["zod", "undici", "aws4"].filter((name) => files.includes("node_modules/" + name + "/"));
      };
      const before = loaded();
      const settings = { endpoint: "http://127.0.0.1:1", accessKeyId: "AK", secretAccessKey: "SK", maxRetries: "0" };
      lookups(settings).getUsers().catch(() => console.log(JSON.stringify([before, loaded()])));`;
    const [before, after] = (await print("commonjs", program)) as string[][];
    assert.deepEqual(before, ["zod", "aws4"]);
    assert.deepEqual(after, ["zod", "undici", "aws4"]);
  });
});
