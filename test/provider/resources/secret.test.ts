import assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { secret } from "../../../provider/resources/secret";

describe("secret", () => {
  it("marks a text as the engine's own library does", () => {
    assert.deepEqual(secret("text"), {
      [runtime.specialSigKey]: runtime.specialSecretSig,
      value: "text",
    });
    assert(runtime.isRpcSecret(secret("text")));
    assert.equal(runtime.unwrapRpcSecret(secret("text")), "text");
  });
});
