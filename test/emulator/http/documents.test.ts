import assert from "node:assert/strict";

import { createEmulator, type Emulator } from "../../../emulator";
import { documentLimit } from "../../../emulator/http/body";
import { firstKey, type Reply, s3Curl, send, signV4 } from "../client";

const address = "client@example.com";
const near = documentLimit - 1000;
const full = (piece: string, size = near) => piece.repeat(Math.floor(size / piece.length));

/** How long one request may block the process, in ms. Tests share the machine, so it is generous. */
const patienceMs = 20_000;

describe("documents", function () {
  this.timeout(60_000);
  let emulator: Emulator;
  before(async () => {
    emulator = createEmulator();
    await emulator.start();
    emulator.cluster.createUser(address);
    emulator.cluster.createBucket("data", address);
  });
  after(() => emulator.stop());

  const remove = (body: string): Promise<Reply> =>
    s3Curl(emulator, "POST", "", {
      resource: "/data?delete",
      credentials: firstKey(emulator, address),
      body,
    });
  const object = (key: string) => `<Object><Key>${key}</Key></Object>`;
  const deletion = (content: string) => `<Delete><Quiet>true</Quiet>${content}</Delete>`;

  it("delete 1000 objects with long keys", async () => {
    const keys = Array.from({ length: 1000 }, (_, index) => `${"ü&lt;".repeat(150)}${index}`);
    assert.equal((await remove(deletion(keys.map(object).join("")))).status, 200);
  });

  const hostile: [string, () => string][] = [
    ["1001 objects", () => deletion(full(object("a"), object("a").length * 1001))],
    ["32 MiB of objects", () => deletion(full(object("a"), 32 * 1024 * 1024))],
    ["objects up to the limit", () => deletion(full(object("a")))],
    ["empty elements", () => deletion(full("<a/>"))],
    ["elements inside each other", () => full("<a>", near / 2) + full("</a>", near / 2)],
    ["attributes", () => `<Delete ${full('a="b" ')}></Delete>`],
    ["an endless tag", () => `<Delete ${full("a ")}`],
    ["entities", () => deletion(object(full("&amp;")))],
    ["numeric entities", () => deletion(object(full("&#65;")))],
    ["comments", () => deletion(full("<!---->"))],
    ["open comments", () => `<Delete>${full("<!--")}`],
    ["CDATA sections", () => deletion(object(full("<![CDATA[a]]>")))],
    ["processing instructions", () => deletion(full("<?a b?>"))],
    ["opening brackets", () => `<Delete>${full("<")}`],
  ];
  for (const [name, body] of hostile) {
    it(`of ${name} are refused with MalformedXML in time`, async () => {
      const text = body();
      const startedMs = performance.now();
      const reply = await remove(text);
      assert.equal(reply.status, 400);
      assert.match(reply.body, /<Code>MalformedXML<\/Code>/);
      assert.ok(performance.now() - startedMs < patienceMs);
    });
  }

  const lists: [string, () => string, number][] = [
    ["a thousand names", () => JSON.stringify(Array(1000).fill("data")), 200],
    ["a million numbers", () => `[${full("1,")}1]`, 200],
    ["arrays inside each other", () => full("[", near / 2) + full("]", near / 2), 400],
    ["objects", () => `[${full('{"a":1},')}1]`, 400],
    ["blanks", () => full(" "), 400],
    ["more than the limit", () => `[${full("1,", 3 * 1024 * 1024)}1]`, 400],
  ];
  for (const [name, body, status] of lists) {
    it(`that name buckets by ${name} get ${status} in time`, async () => {
      const text = body();
      const startedMs = performance.now();
      const reply = await s3Curl(emulator, "GET", "ostor-buckets&multi", { body: text });
      assert.equal(reply.status, status, reply.body.slice(0, 300));
      assert.ok(performance.now() - startedMs < patienceMs);
    });
  }

  it("that name one header a thousand times in a signature are refused before the canonical request is built", async () => {
    const signed = await signV4(emulator, "GET", { "ostor-users": "" });
    const names = `SignedHeaders=host;${"x;".repeat(2000)}x`;
    const authorization = (signed.headers?.["authorization"] ?? "").replace(
      /SignedHeaders=[^,]*/,
      names,
    );
    const headers = { ...signed.headers, authorization, x: "y".repeat(8000) };
    const reply = await send(emulator.endpoint, { ...signed, headers });
    assert.equal(reply.status, 400);
    assert.ok(reply.body.length < 10_000);
  });
});
