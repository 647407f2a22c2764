import assert from "node:assert/strict";
import { resolve } from "node:path";
import * as provider from "../../provider";

describe("the provider entry point", () => {
  // Old stacks have `require("pulumi-ostor/provider").user` in their state.
  it("exports what stacks name in their state", () => {
    for (const name of ["user", "accessKey", "bucket"] as const) {
      assert.deepEqual(Object.keys(provider[name]).sort(), [
        "check",
        "configure",
        "create",
        "delete",
        "diff",
        "read",
        "update",
      ]);
    }
  });

  it("connects the thin functions with the provider that the package exports", async () => {
    // The package name resolves to the built package. Here it stands for the sources.
    const path = require.resolve("pulumi-ostor/provider", { paths: [resolve(__dirname, "../..")] });
    assert.match(path, /dist[\\/]provider[\\/]index\.js$/);
    const { failures = [] } = await provider.bucket.check({}, { name: "a/b" });
    assert(failures.some(({ reason }) => reason.startsWith("name ")));
    const { failures: others = [] } = await provider.user.check({}, { emailAddress: "a" });
    assert(others.some(({ reason }) => reason.startsWith("emailAddress ")));
    const { failures: keys = [] } = await provider.accessKey.check({}, { user: "a" });
    assert(keys.some(({ reason }) => reason.startsWith("user ")));
  });

  it("shares settings among the resources of one run", async () => {
    const get = (key: string) => (key === "ostor:region" ? "not one word" : undefined);
    await provider.providers.user.configure({ config: { get } } as never);
    const { failures = [] } = await provider.providers.bucket.check({}, { name: "data" });
    assert(failures.some(({ reason }) => reason.startsWith("ostor:region must be one word")));
  });
});
