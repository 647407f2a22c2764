import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";

import { createEmulator, type Emulator } from "../../emulator";
import { firstKey, s3Curl, send, zonedDate } from "./client";

const address = "client@example.com";

describe("independent clients", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = createEmulator();
    await emulator.start();
  });
  afterEach(() => emulator.stop());

  it("the vendor's script, which signs with openssl, performs all steps of its chapter", async () => {
    const script = (method: string, query: string) => {
      const date = zonedDate(Date.now());
      const text = `${method}\n\n\n${date}\n/?${query.split("&", 1)[0] ?? ""}`;
      const { accessKeyId, secretAccessKey } = emulator.credentials;
      const digest = ["dgst", "-sha1", "-hmac", secretAccessKey, "-binary"];
      const signature = execFileSync("openssl", digest, { input: text }).toString("base64");
      const Authorization = `AWS ${accessKeyId}:${signature}`;
      const headers = { Accept: "*/*", Date: date, Authorization };
      return send(emulator.endpoint, { method, target: `/?${query}`, headers });
    };
    const one = `ostor-users&emailAddress=${address}`;
    const statuses: number[] = [];
    const step = async (method: string, query: string) => {
      statuses.push((await script(method, query)).status);
    };
    await step("PUT", one);
    await step("GET", "ostor-users");
    await step("GET", one);
    await step("POST", `${one}&disable`);
    await step("POST", `${one}&enable`);
    await step("POST", `${one}&genKey`);
    await step("POST", `${one}&revokeKey=${firstKey(emulator, address).accessKeyId}`);
    await step("GET", "ostor-buckets");
    await step("DELETE", one);
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 200, 200, 200, 204]);
  });

  it("the script's later form signs x-amz-content-sha256", async () => {
    const headers = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
    const query = `ostor-users&emailAddress=${address}`;
    assert.equal((await s3Curl(emulator, "PUT", query, { headers })).status, 200);
    const body = '["data"]';
    assert.equal(
      (await s3Curl(emulator, "GET", "ostor-buckets&multi", { headers, body })).status,
      200,
    );
  });

  it("a client that escapes the address and signs a Content-Type", async () => {
    const headers = { "Content-Type": "application/json" };
    const date = new Date().toUTCString();
    const query = "ostor-users&emailAddress=client%40example.com";
    assert.equal((await s3Curl(emulator, "PUT", query, { headers, date })).status, 200);
    assert.ok(emulator.cluster.user(address));
  });

  it("the script deletes a bucket with the key of its owner, or of the system user as in the guide", async () => {
    emulator.cluster.createUser(address);
    for (const credentials of [firstKey(emulator, address), emulator.credentials]) {
      emulator.cluster.createBucket("data", address);
      const reply = await s3Curl(emulator, "DELETE", "", { resource: "/data", credentials });
      assert.equal(reply.status, 204);
      assert.deepEqual(emulator.cluster.buckets(), []);
    }
  });

  it("a Version 2 client of S3 signs the path and its sub-resources", async () => {
    emulator.cluster.createUser(address);
    emulator.cluster.createBucket("data", address);
    const credentials = firstKey(emulator, address);
    const versions = await s3Curl(emulator, "GET", "", { resource: "/data?versions", credentials });
    assert.equal(versions.status, 200);
    assert.match(versions.body, /<ListVersionsResult /);
    const object = { resource: "/data/a%20b", credentials, body: "text" };
    assert.equal((await s3Curl(emulator, "PUT", "", object)).status, 200);
    assert.equal(emulator.cluster.buckets()[0]?.objects[0]?.key, "a b");
  });

  it("bodies in signed chunks are refused, and nothing is stored", async () => {
    emulator.cluster.createUser(address);
    emulator.cluster.createBucket("data", address);
    const credentials = firstKey(emulator, address);
    const headers = { "Content-Encoding": "aws-chunked" };
    const chunked = { resource: "/data/a", credentials, headers, body: "4\r\ntext\r\n0\r\n\r\n" };
    assert.equal((await s3Curl(emulator, "PUT", "", chunked)).status, 501);
    assert.deepEqual(emulator.cluster.buckets()[0]?.objects, []);
  });
});
