import assert from "node:assert/strict";
import { providerTexts, typeTokens } from "../../sdk/texts";

describe("what a stack stores of the provider", () => {
  // Never change these lines to make the test pass. The state of each stack contains the texts, and the dynamic host loads the
  // provider from them. Another text is a diff of every resource; a text that loads nothing makes resources undeletable.
  it("is the same as in the first release", () => {
    assert.deepEqual(providerTexts, {
      user: 'exports.handler = () => require("pulumi-ostor/provider").user',
      accessKey: 'exports.handler = () => require("pulumi-ostor/provider").accessKey',
      bucket: 'exports.handler = () => require("pulumi-ostor/provider").bucket',
      rotation: 'exports.handler = () => require("pulumi-ostor/provider").rotation',
    });
    assert.deepEqual(typeTokens, {
      user: "pulumi-nodejs:dynamic/ostor:User",
      accessKey: "pulumi-nodejs:dynamic/ostor:AccessKey",
      bucket: "pulumi-nodejs:dynamic/ostor:Bucket",
      rotation: "pulumi-nodejs:dynamic/ostor:RotatingAccessKey",
    });
  });

  it("is short, because each resource stores it three times", () => {
    for (const text of Object.values(providerTexts)) assert(Buffer.byteLength(text) <= 70, text);
  });
});
