import assert from "node:assert/strict";

import { createEmulator, type AccessKey, type Emulator } from "../../../emulator";
import { firstKey } from "../client";
import { sendV2, sendV4 } from "./signed";

const address = "anna@example.com";

describe("ranges and conditions", () => {
  let emulator: Emulator;
  let key: AccessKey;

  before(async () => {
    emulator = createEmulator();
    await emulator.start();
    emulator.cluster.createUser(address);
    emulator.cluster.createBucket("data", address);
    emulator.cluster.putObject("data", "ten", "0123456789");
    emulator.cluster.putObject("data", "empty", "");
    key = firstKey(emulator, address);
  });
  after(() => emulator.stop());

  const read = (headers: Record<string, string>, method = "GET", target = "/data/ten") =>
    sendV4(emulator, key, { method, target, headers });

  const satisfied: [string, string, string][] = [
    ["bytes=2-4", "234", "bytes 2-4/10"],
    ["bytes=0-0", "0", "bytes 0-0/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=7-99", "789", "bytes 7-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=-99", "0123456789", "bytes 0-9/10"],
    ["bytes=0-", "0123456789", "bytes 0-9/10"],
    ["BYTES=9-9", "9", "bytes 9-9/10"],
  ];
  for (const [range, body, contentRange] of satisfied) {
    it(`returns 206 and ${contentRange} for ${range}`, async () => {
      for (const name of ["range", "x-amz-range"]) {
        const reply = await read({ [name]: range });
        assert.equal(reply.status, 206);
        assert.equal(reply.body, body);
        assert.equal(reply.headers["content-range"], contentRange);
        assert.equal(reply.headers["content-length"], String(body.length));
      }
      const head = await read({ range }, "HEAD");
      assert.equal(head.status, 206);
      assert.equal(head.headers["content-range"], contentRange);
      assert.equal(head.headers["content-length"], String(body.length));
      const request = { method: "GET", target: "/data/ten", resource: "/data/ten" };
      const v2 = await sendV2(emulator, key, { ...request, headers: { "x-amz-range": range } });
      assert.equal(v2.body, body);
    });
  }

  for (const range of ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99999999999999999999-"]) {
    it(`returns 416 InvalidRange for ${range}`, async () => {
      const reply = await read({ range });
      assert.equal(reply.status, 416);
      assert.equal(reply.headers["content-range"], "bytes */10");
      assert.match(reply.body, /<Code>InvalidRange</);
      assert.equal((await read({ range }, "HEAD")).status, 416);
    });
  }

  const ignored = ["bytes=4-2", "bytes=", "bytes=-", "bytes=a-b", "bytes 0-1", "lines=0-1", "0-1"];
  for (const range of [...ignored, "bytes=0-1,4-5", "bytes=1--2", "bytes=1.5-2"]) {
    it(`ignores ${range}: 200 and the whole body`, async () => {
      const reply = await read({ range });
      assert.equal(reply.status, 200);
      assert.equal(reply.body, "0123456789");
      assert.equal(reply.headers["content-range"], undefined);
    });
  }

  it("accepts ranges, except of an empty object", async () => {
    assert.equal((await read({})).headers["accept-ranges"], "bytes");
    for (const range of ["bytes=0-", "bytes=-1"]) {
      assert.equal((await read({ range }, "GET", "/data/empty")).status, 416);
    }
    assert.equal((await read({}, "GET", "/data/empty?partNumber=1")).status, 200);
  });

  it("returns the length of any object, and an empty body for the fault emptyBody", async () => {
    const json = { method: "PUT", target: "/data/json", body: "[]" };
    const headers = { "content-type": "application/json" };
    await sendV4(emulator, key, { ...json, headers });
    assert.equal((await read({}, "GET", "/data/json")).headers["content-length"], "2");
    emulator.failNext({ kind: "emptyBody", operation: "s3:GetObject" });
    const reply = await read({});
    assert.deepEqual([reply.status, reply.body, reply.headers["content-length"]], [200, "", "0"]);
  });

  it("sends a range only while If-Range holds", async () => {
    const { headers } = await read({});
    const [etag, date] = [headers.etag ?? "", headers["last-modified"] ?? ""];
    const range = "bytes=2-4";
    for (const condition of [etag, date]) {
      assert.equal((await read({ range, "if-range": condition })).body, "234");
    }
    const past = "Thu, 01 Jan 1970 00:00:00 GMT";
    for (const condition of ['"other"', `W/${etag}`, past, "nonsense"]) {
      const reply = await read({ range, "if-range": condition });
      assert.equal(reply.status, 200);
      assert.equal(reply.body, "0123456789");
    }
  });

  it("checks conditions in the order of the standard", async () => {
    const { headers } = await read({});
    const [etag, date] = [headers.etag ?? "", headers["last-modified"] ?? ""];
    const past = "Thu, 01 Jan 1970 00:00:00 GMT";
    const cases: [Record<string, string>, number][] = [
      [{ "if-match": etag }, 200],
      [{ "if-match": `"x", ${etag}` }, 200],
      [{ "if-match": "*" }, 200],
      [{ "if-match": '"x"' }, 412],
      [{ "if-match": etag, "if-unmodified-since": past }, 200],
      [{ "if-unmodified-since": past }, 412],
      [{ "if-unmodified-since": date }, 200],
      [{ "if-none-match": etag }, 304],
      [{ "if-none-match": `W/${etag}` }, 304],
      [{ "if-none-match": '"x"', "if-modified-since": date }, 200],
      [{ "if-none-match": etag, "if-modified-since": past }, 304],
      [{ "if-modified-since": date }, 304],
      [{ "if-modified-since": past }, 200],
      [{ "if-modified-since": "nonsense" }, 200],
      [{ "if-none-match": etag, range: "bytes=0-1" }, 304],
      [{ "if-match": '"x"', range: "bytes=99-" }, 412],
    ];
    for (const [sent, status] of cases) {
      for (const method of ["GET", "HEAD"]) {
        const reply = await read(sent, method);
        assert.equal(reply.status, status, `${method} ${JSON.stringify(sent)}`);
        if (status === 304) assert.deepEqual([reply.body, reply.headers.etag], ["", etag]);
      }
    }
  });

  it("writes only while If-Match and If-None-Match hold", async () => {
    const write = (headers: Record<string, string>, target = "/data/new") =>
      sendV4(emulator, key, { method: "PUT", target, headers, body: "x" });
    assert.equal((await write({ "if-match": '"x"' })).status, 404);
    assert.equal((await write({ "if-none-match": "*" })).status, 200);
    assert.equal((await write({ "if-none-match": "*" })).status, 412);
    assert.equal((await write({ "if-match": '"x"' })).status, 412);
    const removal = { method: "DELETE", target: "/data/new", headers: { "if-match": '"x"' } };
    assert.equal((await sendV4(emulator, key, removal)).status, 412);
    const { etag = "" } = (await read({}, "GET", "/data/new")).headers;
    assert.equal((await write({ "if-match": etag })).status, 200);
  });
});
