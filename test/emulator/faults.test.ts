import assert from "node:assert/strict";
import { request } from "node:http";

import { ListBucketsCommand } from "@aws-sdk/client-s3";

import { createEmulator, type Emulator, type Fault, sentinels } from "../../emulator";
import { amazonClient, firstKey, s3Curl, signV4 } from "./client";

const address = "client@example.com";
const create = `ostor-users&emailAddress=${address}`;

describe("faults", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = createEmulator();
    await emulator.start();
  });
  afterEach(() => emulator.stop());

  const put = (fault: Fault) => {
    emulator.failNext(fault);
    return s3Curl(emulator, "PUT", create);
  };
  const exists = () => emulator.cluster.user(address) !== undefined;

  it("returns a status with code, message and Retry-After once, without the call", async () => {
    const reply = await put({
      ...{ kind: "status", status: 429, code: "SlowDown", message: "Not so fast", retryAfter: 3 },
    });
    assert.equal(reply.status, 429);
    assert.equal(reply.headers["retry-after"], "3");
    assert.equal(reply.headers["x-amz-err-code"], "SlowDown");
    assert.match(reply.body, /<Message>Not so fast</);
    assert.ok(!exists());
    assert.equal((await s3Curl(emulator, "PUT", create)).status, 200);
  });

  it("returns 503 by default", async () => {
    assert.equal((await put({ kind: "status" })).status, 503);
  });

  it("cuts the connection before the call", async () => {
    await assert.rejects(put({ kind: "resetBefore" }), /socket hang up|ECONNRESET/);
    assert.ok(!exists());
    assert.equal(emulator.requests[0]?.status, 0);
  });

  it("cuts the connection after the call", async () => {
    await assert.rejects(put({ kind: "resetAfter" }), /socket hang up|ECONNRESET/);
    assert.ok(exists());
  });

  it("sends half of a response", async () => {
    await assert.rejects(put({ kind: "halfAnswer" }), /aborted|ECONNRESET/);
    assert.ok(exists());
    assert.equal(emulator.requests[0]?.status, 200);
  });

  it("cuts the connection if half of the response would be empty", async () => {
    emulator.cluster.createUser(address);
    emulator.failNext({ kind: "halfAnswer" });
    await assert.rejects(s3Curl(emulator, "DELETE", create), /socket hang up|ECONNRESET/);
    assert.ok(!exists());
  });

  it("returns a page of a proxy", async () => {
    const reply = await put({ kind: "html" });
    assert.equal(reply.status, 200);
    assert.equal(reply.headers["content-type"], "text/html");
    assert.match(reply.body, /^<!DOCTYPE html>/);
    assert.equal((await put({ kind: "html", status: 502 })).status, 502);
    assert.ok(!exists());
  });

  it("returns an empty body", async () => {
    const reply = await put({ kind: "emptyBody" });
    assert.equal(reply.status, 200);
    assert.equal(reply.body, "");
    assert.ok(exists());
  });

  it("returns JSON of another shape", async () => {
    const reply = await put({ kind: "wrongShape" });
    assert.equal(reply.status, 200);
    assert.deepEqual(JSON.parse(reply.body), { result: [{ ok: "yes" }], version: 7 });
    assert.ok(exists());
  });

  it("delays the response, or the call", async () => {
    const late = put({ kind: "late", delayMs: 1000 });
    await until(exists);
    assert.equal(emulator.requests[0]?.status, 0);
    assert.equal((await late).status, 200);
    emulator.cluster.deleteUser(address);
    emulator.clearRequests();
    const before = put({ kind: "lateBefore", delayMs: 1000 });
    await until(() => emulator.requests[0]?.operation === "createUser");
    assert.ok(!exists());
    assert.equal((await before).status, 200);
    assert.ok(exists());
  });

  it("carries out a delayed call even if the client has disconnected", async () => {
    emulator.failNext({ kind: "lateBefore", delayMs: 1000 });
    const signed = await signV4(emulator, "PUT", { "ostor-users": "", emailAddress: address });
    const { method, target: path, headers } = signed;
    const { port } = new URL(emulator.endpoint);
    const hungUp = request({ port, method, path, headers });
    hungUp.on("error", () => undefined).end();
    await until(() => emulator.requests[0]?.operation === "createUser");
    hungUp.destroy();
    await until(exists);
  });

  it("applies only to its operation, user and number of times", async () => {
    emulator.failNext({ kind: "status", operation: "getUser", emailAddress: address, times: 2 });
    const status = async (method: string, who: string) =>
      (await s3Curl(emulator, method, `ostor-users&emailAddress=${who}`)).status;
    assert.equal(await status("PUT", address), 200);
    assert.equal(await status("GET", "other@example.com"), 404);
    assert.deepEqual([await status("GET", address), await status("GET", address)], [503, 503]);
    assert.equal(await status("GET", address), 200);
  });

  it("finds the user of a request that names an id", async () => {
    const { userId } = emulator.cluster.createUser(address);
    emulator.failNext({ kind: "status", emailAddress: address });
    assert.equal((await s3Curl(emulator, "GET", `ostor-users&id=${userId}`)).status, 503);
  });

  it("applies to any S3 call under the name s3, and to the user that signs it", async () => {
    emulator.cluster.createUser(address);
    emulator.failNext({ kind: "status", operation: "s3", emailAddress: address, status: 500 });
    const client = amazonClient(emulator, firstKey(emulator, address));
    assert.equal((await s3Curl(emulator, "GET", "ostor-users")).status, 200);
    await assert.rejects(client.send(new ListBucketsCommand({})), { name: "InternalError" });
    await client.send(new ListBucketsCommand({}));
    assert.deepEqual(
      emulator.requests.map(({ operation }) => operation),
      ["listUsers", "s3:ListBuckets", "s3:ListBuckets"],
    );
  });

  it("waits for a request with a valid signature", async () => {
    emulator.failNext({ kind: "status" });
    const credentials = { accessKeyId: "NOBODY", secretAccessKey: "x" };
    assert.equal((await s3Curl(emulator, "GET", "ostor-users", { credentials })).status, 403);
    assert.equal((await s3Curl(emulator, "GET", "ostor-users")).status, 503);
  });

  it("refuses invalid faults", () => {
    assert.throws(() => {
      emulator.failNext({ kind: "status", times: 0 });
    }, /times must be 1 or more/);
    assert.throws(() => {
      emulator.failNext({ kind: "status", status: 42 });
    }, /from 200 to 599, not 42/);
  });
});

describe("sentinel addresses", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = createEmulator();
    await emulator.start();
  });
  afterEach(() => emulator.stop());
  const call = (method: string, localPart: string) =>
    s3Curl(emulator, method, `ostor-users&emailAddress=${localPart}@example.com`);

  for (const [localPart, status] of [
    ["fail-500", 500],
    ["fail-503", 503],
    ["fail-503%2Bb", 503],
    ["fail-429", 429],
  ] as const) {
    it(`makes the first change of ${localPart} fail with ${status}`, async () => {
      assert.equal((await call("GET", localPart)).status, 404);
      assert.equal((await call("PUT", localPart)).status, status);
      assert.equal((await call("PUT", localPart)).status, 200);
      assert.equal((await call("DELETE", localPart)).status, 204);
      assert.equal((await call("PUT", localPart)).status, status);
    });
  }

  it("loses a response once", async () => {
    await assert.rejects(call("PUT", "lost-answer"));
    assert.ok(emulator.cluster.user("lost-answer@example.com"));
    assert.equal((await call("DELETE", "lost-answer")).status, 204);
  });

  it("delays each call of slow", async () => {
    const startedMs = performance.now();
    assert.equal((await call("GET", "slow")).status, 404);
    assert.ok(performance.now() - startedMs >= (sentinels["slow"]?.delayMs ?? Infinity) - 10);
  }).timeout(10_000);

  it("does not affect other addresses", async () => {
    assert.equal((await call("PUT", "fail-5030")).status, 200);
    assert.equal((await call("PUT", "constructor")).status, 200);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
