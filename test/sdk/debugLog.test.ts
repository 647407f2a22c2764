import assert from "node:assert/strict";
import { hideAnswers } from "../../sdk/debugLog";

describe("hideAnswers", () => {
  const printed: string[] = [];
  const log = {
    debug: (message: string) => {
      printed.push(message);
      return Promise.resolve();
    },
  };
  hideAnswers(log);
  const print = async (text: string) => {
    printed.length = 0;
    await log.debug(text);
    return printed[0];
  };
  const answer = (type: string) =>
    `RegisterResource RPC finished: resource:acme[${type}]; err: null, resp: {"secretAccessKey":"SENTINEL",\n"more":1}`;

  it("removes answers about these resources and providers from the debug log", async () => {
    const ours = ["User", "AccessKey", "Bucket"].map(
      (name) => `pulumi-nodejs:dynamic/ostor:${name}`,
    );
    const ofPlugin = [
      "ostor:index:User",
      "ostor:index:RotatingAccessKey",
      "pulumi:providers:ostor",
    ];
    for (const type of [...ours, "pulumi:providers:pulumi-nodejs", ...ofPlugin]) {
      assert.equal(
        await print(answer(type)),
        `RegisterResource RPC finished: resource:acme[${type}]; err: null, resp: [left out, it may hold secrets]`,
      );
    }
  });

  it("keeps all other messages", async () => {
    for (const text of [
      answer("aws:s3/bucket:Bucket"),
      "Registering resource: t=pulumi-nodejs:dynamic/ostor:User, name=acme",
      "",
    ]) {
      assert.equal(await print(text), text);
    }
  });
});
