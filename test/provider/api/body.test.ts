import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import zlib from "node:zlib";
import { createClient } from "../../../provider/api/client";
import { ApiError, ShapeError } from "../../../provider/api/errors";
import { createTransport } from "../../../provider/api/transport";
import { failureOf, settingsOf, withWebServer } from "../harness";

const users = [{ UserEmail: "müller@acme.example", UserId: "4eaf5ceeb2d9b1db" }];
const json = JSON.stringify(users);

interface Sent {
  status?: number;
  headers?: Record<string, string>;
  body: Uint8Array | string;
}

async function addressesFrom({ status = 200, headers = {}, body }: Sent): Promise<string[]> {
  let found: string[] = [];
  await withWebServer(
    (_, response) => response.writeHead(status, headers).end(body),
    async (endpoint) => {
      const client = createClient(settingsOf({ endpoint, maxRetries: "0" }));
      const listed = await client.listUsers().finally(() => client.close());
      found = listed.map(({ emailAddress }) => emailAddress);
    },
  );
  return found;
}

const encoded = (encoding: string, body: Uint8Array | string) => ({
  headers: { "Content-Encoding": encoding },
  body,
});
const zstd = (zlib as { zstdCompressSync?: (text: string) => Buffer }).zstdCompressSync;

describe("an encoded body", () => {
  const bodies: [encoding: string, body: Uint8Array][] = [
    ["gzip", zlib.gzipSync(json)],
    ["GZIP", zlib.gzipSync(json)],
    ["x-gzip", zlib.gzipSync(json)],
    ["deflate", zlib.deflateSync(json)],
    ["deflate", zlib.deflateRawSync(json)],
    ["br", zlib.brotliCompressSync(json)],
    ["gzip, br", zlib.brotliCompressSync(zlib.gzipSync(json))],
    ["gzip, gzip", zlib.gzipSync(zlib.gzipSync(json))],
    ["identity", Buffer.from(json)],
    ["identity, gzip", zlib.gzipSync(json)],
    ...(zstd ? [["zstd", zstd(json)] as [string, Buffer]] : []),
  ];
  for (const [encoding, body] of bodies) {
    it(`of ${encoding} is decoded (${body.length} bytes)`, async () => {
      assert.deepEqual(await addressesFrom(encoded(encoding, body)), ["müller@acme.example"]);
    });
  }

  it("that a proxy decoded is read although the header remains", async () => {
    for (const encoding of ["gzip", "br", "deflate", "zstd", "utf-8"]) {
      assert.deepEqual(await addressesFrom(encoded(encoding, json)), ["müller@acme.example"]);
    }
  });

  for (const [encoding, body, problem] of [
    ["compress", Buffer.from([0x1f, 0x9d, 0x90]), /content-encoding compress is not supported/],
    ["gzip", zlib.gzipSync(json).subarray(0, 30), /cannot be decoded by its content-encoding gzip/],
    ["br", Buffer.from([1, 2, 3, 4]), /cannot be decoded by its content-encoding br/],
    ["gzip,gzip,gzip,gzip", zlib.gzipSync(json), /has 4 content encodings/],
  ] as const) {
    it(`of ${encoding} that cannot be read is reported`, async () => {
      const error = await failureOf(addressesFrom(encoded(encoding, body)));
      assert(error instanceof ShapeError);
      assert.match(error.message, problem);
    });
  }

  it("is decoded only up to its limit", async () => {
    const spaces = Buffer.alloc(129 * 1024 * 1024, " ");
    const list = encoded("gzip", zlib.gzipSync(spaces, { level: 1 }));
    assert.match((await failureOf(addressesFrom(list))).message, /it is larger than 128 MiB/);
    const bomb = spaces.subarray(0, 2 * 1024 * 1024);
    for (const [encoding, body] of [
      ["gzip", zlib.gzipSync(bomb)],
      ["gzip, gzip", zlib.gzipSync(zlib.gzipSync(bomb))],
      ["deflate", zlib.deflateSync(bomb)],
      ["deflate", zlib.deflateRawSync(bomb)],
      ["br", zlib.brotliCompressSync(bomb)],
    ] as const) {
      const error = await failureOf(addressesFrom({ status: 409, ...encoded(encoding, body) }));
      assert.match(error.message, /answered 409: of its body: it is larger than 1 MiB/);
    }
  });

  it("of a refusal is decoded too; if that fails, the status remains", async () => {
    const error = "<Error><Code>Teapot</Code><Message>no</Message></Error>";
    const read = await failureOf(
      addressesFrom({ status: 409, ...encoded("gzip", zlib.gzipSync(error)) }),
    );
    assert.match(read.message, /answered 409 Teapot: no$/);
    const unread = await failureOf(
      addressesFrom({ status: 409, ...encoded("compress", "\x1f\x9d") }),
    );
    assert(unread instanceof ApiError);
    assert.match(unread.message, /answered 409: of its body: its content-encoding compress/);
  });

  it("of S3's XML is decoded, and an empty body is accepted", async () => {
    const credentials = { accessKeyId: "A", secretAccessKey: "S" };
    const roots = ["ListBucketResult", "ListVersionsResult", "ListMultipartUploadsResult"];
    await withWebServer(
      ({ method }, response) => {
        const headers = { "Content-Encoding": "gzip" };
        if (method === "DELETE") response.writeHead(204, headers).end();
        else response.writeHead(200, headers).end(zlib.gzipSync(`<${roots.shift() ?? ""}/>`));
      },
      async (endpoint) => {
        const client = createClient(settingsOf({ endpoint, signatureVersion: "v4" }));
        assert.equal(await client.isBucketEmpty("notes", credentials), true);
        await client.deleteBucket("notes", credentials);
        await client.close();
      },
    );
  });
});

describe("the charset of a body", () => {
  const typed = (type: string, body: Uint8Array) => ({ headers: { "Content-Type": type }, body });
  const utf16 = Buffer.from(json, "utf16le");
  const swapped = Buffer.from(utf16).swap16();
  const bom = (bytes: number[], body: Buffer) => Buffer.concat([Buffer.from(bytes), body]);
  for (const [name, sent] of Object.entries({
    "utf-8": typed('application/json; charset="UTF-8"', Buffer.from(json)),
    "iso-8859-1": typed("application/json;charset=ISO-8859-1", Buffer.from(json, "latin1")),
    "utf-16le": typed("application/json; charset=utf-16le", utf16),
    "utf-16be": typed("application/json; charset=utf-16be", swapped),
    "utf-16, big-endian": typed("application/json; charset=utf-16", swapped),
    "utf-16, unnamed": typed("application/json", utf16),
    "a byte order mark of utf-8": typed(
      "application/json",
      bom([0xef, 0xbb, 0xbf], Buffer.from(json)),
    ),
    "a byte order mark of utf-16": typed("application/json", bom([0xfe, 0xff], swapped)),
    "a byte order mark against the header": typed("x/y; charset=latin1", bom([0xff, 0xfe], utf16)),
  })) {
    it(`is applied: ${name}`, async () => {
      assert.deepEqual(await addressesFrom(sent), ["müller@acme.example"]);
    });
  }

  it("is reported if it is not supported, unless the body is ASCII", async () => {
    const type = "application/json; charset=utf-9";
    const error = await failureOf(addressesFrom(typed(type, Buffer.from(json))));
    assert.match(error.message, /its charset utf-9 is not supported/);
    const plain = Buffer.from(json.replace("ü", "u"));
    assert.deepEqual(await addressesFrom(typed(type, plain)), ["muller@acme.example"]);
  });

  it("comes from the XML declaration if no header names it", async () => {
    const declared = (encoding: string) =>
      `<?xml version="1.0" encoding="${encoding}"?><Error><Message>für</Message></Error>`;
    for (const [encoding, bytes] of [
      ["ISO-8859-1", "latin1"],
      ["UTF-8", "utf8"],
      ["UTF-16", "utf8"],
    ] as const) {
      const body = Buffer.from(declared(encoding), bytes);
      const error = await failureOf(addressesFrom({ status: 409, body }));
      assert.match(error.message, /answered 409: für$/);
    }
  });
});

describe("headers of every request", () => {
  it("name the package, request an unencoded answer, and are not signed", async () => {
    const manifest = readFileSync(join(__dirname, "../../../package.json"), "utf8");
    const { version } = JSON.parse(manifest) as { version: string };
    for (const signatureVersion of ["v2", "v4"]) {
      await withWebServer(
        ({ headers }, response) => {
          assert.equal(headers["user-agent"], `pulumi-ostor/${version}`);
          assert.equal(headers.accept, "*/*");
          assert.equal(headers["accept-encoding"], "identity");
          assert.doesNotMatch(headers.authorization ?? "", /accept|user-agent/i);
          response.end("[]");
        },
        async (endpoint) => {
          const client = createClient(settingsOf({ endpoint, signatureVersion }));
          assert.deepEqual(await client.listUsers(), []);
          await client.close();
        },
      );
    }
  });

  it("are sent without a signature too", async () => {
    await withWebServer(
      ({ headers }, response) => response.end(headers["user-agent"]),
      async (endpoint) => {
        const transport = createTransport(settingsOf({ endpoint }));
        const { body } = await transport.send("x", { method: "GET", path: "/", headers: {} });
        await transport.close();
        assert.match(body, /^pulumi-ostor\/\d/);
      },
    );
  });
});
