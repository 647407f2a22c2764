import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

import { createEmulator, type AccessKey, type Emulator } from "../../../emulator";
import { bodyLimit } from "../../../emulator/http/body";
import { firstKey, s3Curl, send, v2Authorization, zonedDate } from "../client";

const address = "client@example.com";
const megabytes = 60;

describe("a request that is refused without its body", () => {
  let emulator: Emulator;
  let key: AccessKey;
  beforeEach(async () => {
    emulator = createEmulator();
    await emulator.start();
    emulator.cluster.createUser(address);
    emulator.cluster.createUser("other@example.com");
    emulator.cluster.createBucket("data", address);
    key = firstKey(emulator, address);
  });
  afterEach(() => emulator.stop());

  /** The head of an upload, signed with Version 2. */
  function head(credentials: AccessKey, path: string, ...more: string[]): string {
    const date = zonedDate(Date.now());
    const authorization = v2Authorization(credentials, `PUT\n\n\n${date}\n${path}`);
    const lines = [`PUT ${path} HTTP/1.1`, "Host: 127.0.0.1", `Date: ${date}`];
    return [...lines, `Authorization: ${authorization}`, ...more, "", ""].join("\r\n");
  }

  function dial(): { socket: Socket; answer: Promise<string> } {
    const socket = connect(Number(new URL(emulator.endpoint).port), "127.0.0.1");
    const answer = new Promise<string>((resolve, reject) => {
      let text = "";
      socket.on("data", (data) => {
        text += data.toString();
        if (text.includes("</Error>")) resolve(text);
      });
      socket.on("end", () => {
        resolve(text);
      });
      socket.on("error", reject);
    });
    return { socket, answer };
  }

  const cases: [string, () => [AccessKey, string], RegExp][] = [
    [
      "an unknown key",
      () => [{ ...key, accessKeyId: "nobody" }, "/data/a"],
      /^HTTP\/1\.1 403 .*InvalidAccessKeyId/s,
    ],
    [
      "a wrong secret",
      () => [{ ...key, secretAccessKey: "wrong" }, "/data/a"],
      /^HTTP\/1\.1 403 .*SignatureDoesNotMatch/s,
    ],
    ["a missing bucket", () => [key, "/missing/a"], /^HTTP\/1\.1 404 .*NoSuchBucket/s],
    [
      "someone else's bucket",
      () => [firstKey(emulator, "other@example.com"), "/data/a"],
      /^HTTP\/1\.1 403 .*AccessDenied/s,
    ],
  ];
  for (const [name, of, expected] of cases) {
    it(`because of ${name} gets its response before the body, and closes the connection`, async () => {
      const { socket, answer } = dial();
      socket.write(head(...of(), `Content-Length: ${megabytes * 1024 * 1024}`));
      const text = await answer;
      assert.match(text, expected);
      assert.match(text, /\r\nConnection: close\r\n/i);
      socket.destroy();
    });
  }

  it("gets its response in place of 100 Continue, which only an admitted request gets", async () => {
    const held = ["Content-Length: 100000", "Expect: 100-continue"];
    const refused = dial();
    refused.socket.write(head({ ...key, secretAccessKey: "wrong" }, "/data/a", ...held));
    assert.match(await refused.answer, /^HTTP\/1\.1 403 /);
    refused.socket.destroy();
    const admitted = dial();
    admitted.socket.write(head(key, "/data/a", ...held, "Connection: close"));
    const [first] = (
      await new Promise<Buffer>((resolve) => {
        admitted.socket.once("data", resolve);
      })
    )
      .toString()
      .split("\r\n");
    assert.equal(first, "HTTP/1.1 100 Continue");
    admitted.socket.write("x".repeat(100_000));
    assert.match(await admitted.answer, /HTTP\/1\.1 200 /);
    assert.equal(emulator.cluster.buckets()[0]?.objects[0]?.size, 100_000);
  });

  it("reaches a client that sends all of its body first", async () => {
    const body = Buffer.alloc(megabytes * 1024 * 1024);
    const reply = await send(emulator.endpoint, { method: "PUT", target: "/data/a", body });
    assert.equal(reply.status, 403);
    assert.match(reply.body, /AccessDenied/);
    assert.equal(emulator.requests[0]?.status, 403);
  });

  it("reaches a client that sends its body slowly", async () => {
    const { socket, answer } = dial();
    socket.write(head(key, "/missing/a", "Transfer-Encoding: chunked"));
    for (let count = 0; count < 20; count += 1) {
      socket.write(`10000\r\n${"x".repeat(0x10000)}\r\n`);
      await wait(5);
    }
    socket.write("0\r\n\r\n");
    assert.match(await answer, /^HTTP\/1\.1 404 .*NoSuchBucket/s);
  });

  it("keeps its connection if the body is small", async () => {
    const { socket, answer } = dial();
    socket.write(`${head(key, "/missing/a", "Content-Length: 4")}text`);
    assert.doesNotMatch(await answer, /Connection: close/i);
    const second = new Promise<string>((resolve) => {
      socket.once("data", (data) => {
        resolve(data.toString());
      });
    });
    socket.write(`${head(key, "/data/a", "Content-Length: 4")}text`);
    assert.match(await second, /^HTTP\/1\.1 200 /);
    socket.destroy();
  });

  it("is too large by its announced length or by its bytes", async () => {
    const announced = dial();
    announced.socket.write(head(key, "/data/a", `Content-Length: ${bodyLimit + 1}`));
    assert.match(await announced.answer, /^HTTP\/1\.1 400 .*EntityTooLarge/s);
    announced.socket.destroy();
    const document = dial();
    document.socket.write(head(key, "/data?acl", `Content-Length: ${3 * 1024 * 1024}`));
    assert.match(await document.answer, /^HTTP\/1\.1 400 .*MalformedXML/s);
    document.socket.destroy();
    const growing = dial();
    growing.socket.write(head(key, "/data?acl", "Transfer-Encoding: chunked"));
    growing.socket.write(`300000\r\n${"x".repeat(0x300000)}\r\n`);
    assert.match(await growing.answer, /^HTTP\/1\.1 400 .*MalformedXML/s);
    growing.socket.destroy();
  });

  it("still gets a pending fault", async () => {
    emulator.failNext({ kind: "status", status: 500, operation: "s3:PutObject" });
    const body = "text";
    const put = { resource: "/missing/a", credentials: key, body };
    assert.equal((await s3Curl(emulator, "PUT", "", put)).status, 500);
    assert.equal((await s3Curl(emulator, "PUT", "", put)).status, 404);
  });
});
