import assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { isUnknown } from "../../../provider/settings/unknown";

describe("isUnknown", () => {
  it("recognizes the engine's marker at any depth", () => {
    const marker = runtime.unknownValue;
    for (const value of [marker, [marker], { a: { b: [1, marker] } }]) {
      assert.equal(isUnknown(value), true);
    }
  });

  it("recognizes nothing else", () => {
    for (const value of [undefined, null, "", 0, "text", {}, [], { a: [null] }]) {
      assert.equal(isUnknown(value), false);
    }
  });
});
