import assert from "node:assert/strict";
import { accessKeyLifecycle } from "../../../../provider/resources/accessKey/accessKey";
import { address } from "./useUser";

describe("check of an access key", () => {
  it("fills in replaceOrder, and accepts an address only", () => {
    assert.deepEqual(accessKeyLifecycle.check({ user: address }), {
      inputs: { user: address, replaceOrder: "create-first" },
      failures: [],
    });
  });

  it("names invalid properties", () => {
    const news = { user: "nobody", keepers: "x", replaceOrder: "first", adopt: "a b" };
    const { failures } = accessKeyLifecycle.check(news);
    assert.deepEqual(failures.map(({ property }) => property).sort(), [
      "adopt",
      "keepers",
      "replaceOrder",
      "user",
    ]);
  });
});
