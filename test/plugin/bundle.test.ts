import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { executable } from "./process";

describe("the bundle", () => {
  const text = readFileSync(executable, "utf8");

  it("needs nothing but Node.js", () => {
    assert(text.startsWith("#!/usr/bin/env node\n"));
    const required = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name);
    const others = required.filter((name) => !name.startsWith("node:") && !isBuiltin(name));
    // The fallback for a release of undici without its parts, which the bundle contains.
    assert.deepEqual([...new Set(others)], ["undici"]);
    assert(required.includes("node:net") || required.includes("net"));
  });

  it("has the licenses of what it contains", () => {
    const licenses = readFileSync(`${executable}.licenses.txt`, "utf8");
    for (const name of ["@pulumi/pulumi", "@grpc/grpc-js", "google-protobuf", "undici", "zod"]) {
      assert(licenses.includes(`\n${name} `) || licenses.startsWith(`${name} `), name);
    }
  });

  it("starts on Windows by its name", () => {
    const command = readFileSync(`${executable}.cmd`, "utf8");
    assert.equal(command, '@node "%~dp0pulumi-resource-ostor" %*\r\n');
  });
});
