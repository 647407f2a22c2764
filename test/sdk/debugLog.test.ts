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

  it("leaves answers about our resources out of the debug log", async () => {
    for (const name of ["User", "AccessKey", "Bucket"]) {
      const type = `pulumi-nodejs:dynamic/ostor:${name}`;
      assert.equal(
        await print(answer(type)),
        `RegisterResource RPC finished: resource:acme[${type}]; err: null, resp: [left out, it may hold secrets]`,
      );
    }
  });

  it("leaves everything else as it is", async () => {
    for (const text of [
      answer("aws:s3/bucket:Bucket"),
      "Registering resource: t=pulumi-nodejs:dynamic/ostor:User, name=acme",
      "",
    ]) {
      assert.equal(await print(text), text);
    }
  });
});
