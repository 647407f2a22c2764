import assert from "node:assert/strict";
import { connect } from "node:net";

import { createEmulator, type Emulator } from "../../emulator";
import { bodyLimit } from "../../emulator/http/body";
import { s3Curl, send, signV4 } from "./client";

describe("hostile input", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = createEmulator();
    await emulator.start();
  });
  afterEach(async () => {
    const reply = await s3Curl(emulator, "GET", "ostor-users");
    assert.equal(reply.status, 200, "the emulator still works");
    await emulator.stop();
  });

  const targets = [
    "/%",
    "/%zz?ostor-users",
    "/?ostor-users&emailAddress=%ff%fe",
    "/?%E0%A4%A",
    "/b/%c0%af",
    "/?ostor-users&emailAddress=%00",
    "*",
    "ostor-users",
    "//?ostor-users",
    "/../../etc/passwd",
    `/?${"a&".repeat(5000)}`,
    "http://elsewhere.example?ostor-users",
  ];
  for (const target of targets) {
    it(`returns 4xx for ${target.slice(0, 40)}`, async () => {
      const reply = await send(emulator.endpoint, { method: "GET", target });
      assert.ok(reply.status >= 400 && reply.status < 500, `${reply.status} ${reply.body}`);
    });
  }

  const headers: [string, Record<string, string>][] = [
    ["an empty authorization", { Authorization: "" }],
    ["half of a V2 one", { Authorization: "AWS" }],
    ["a V2 one without a signature", { Authorization: "AWS AK:" }],
    ["a V4 one without fields", { Authorization: "AWS4-HMAC-SHA256 " }],
    ["a V4 one with a broken scope", { Authorization: "AWS4-HMAC-SHA256 Credential=a/b/c" }],
    ["another scheme", { Authorization: "Basic YTpi" }],
    ["an odd key id", { Authorization: "AWS __proto__:x", Date: "x" }],
  ];
  for (const [name, sent] of headers) {
    it(`returns 4xx for ${name}`, async () => {
      const outgoing = { method: "GET", target: "/?ostor-users", headers: sent };
      const { status } = await send(emulator.endpoint, outgoing);
      assert.ok(status === 400 || status === 403, String(status));
    });
  }

  it("returns 4xx for invalid dates in both versions", async () => {
    for (const date of ["", "NaN", "99999999999999999999", "Thu, 99 Xyz 99999 99:99:99 +9999"]) {
      assert.equal((await s3Curl(emulator, "GET", "ostor-users", { date })).status, 403);
    }
    const signed = await signV4(emulator, "GET", { "ostor-users": "" });
    const changed = { ...signed.headers, "x-amz-date": "20269999T999999Z" };
    const reply = await send(emulator.endpoint, { ...signed, headers: changed });
    assert.ok(reply.status >= 400 && reply.status < 500);
  });

  it("returns 4xx for huge headers", async () => {
    const outgoing = {
      method: "GET",
      target: "/",
      headers: { "x-amz-meta-a": "a".repeat(100_000) },
    };
    assert.equal((await send(emulator.endpoint, outgoing)).status, 431);
  });

  it("returns 400 for input that is not HTTP", async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(emulator.endpoint).port), "127.0.0.1");
      socket.on("data", (data) => {
        resolve(data.toString());
      });
      socket.on("error", reject);
      socket.end("EHLO there\r\n\r\n");
    });
    assert.match(answer, /^HTTP\/1\.1 400 /);
  });

  it("refuses a body that exceeds the limit", async () => {
    const body = Buffer.alloc(bodyLimit + 1);
    const reply = await send(emulator.endpoint, { method: "PUT", target: "/b/k", body });
    assert.equal(reply.status, 400);
    assert.match(reply.body, /EntityTooLarge/);
  });

  it("removes line ends in an address from its headers", async () => {
    const query = "ostor-users&emailAddress=a%0d%0aSet-Cookie:x@example.com%c3%a4";
    const reply = await s3Curl(emulator, "GET", query);
    assert.equal(reply.status, 404);
    assert.equal(reply.headers["set-cookie"], undefined);
    assert.match(String(reply.headers["x-amz-err-message"]), /a\?\?Set-Cookie/);
  });

  it("survives clients that disconnect in the middle of a body", async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(emulator.endpoint).port), "127.0.0.1", () => {
        socket.write("PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc", () => {
          socket.destroy();
        });
      });
      socket.on("close", () => {
        resolve();
      });
    });
  });
});
