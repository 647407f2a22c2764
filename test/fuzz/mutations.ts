import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { canary } from "./clear";
import { oddText } from "./oddTexts";
import type { RawReply } from "./rawServer";

/** A response before it is sent. */
interface Draft {
  status: number;
  headers: [name: string, value: string][];
  body: Buffer;
  isChunked: boolean;
}

type Mutation<T> = fc.Arbitrary<(value: T) => T>;

/** Changes of the body. */
const ofBody: Mutation<Buffer> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat(255)).map(([at, byte]) => (body: Buffer) => {
    const changed = Buffer.from(body);
    if (changed.length > 0) changed[at % changed.length] = byte;
    return changed;
  }),
  fc.nat().map((at) => (body: Buffer) => body.subarray(0, at % (body.length + 1))),
  fc
    .tuple(fc.nat(), fc.nat(), fc.oneof(oddText, fc.constantFrom("\0", "\\u0000", "{", "]", '"')))
    .map(([from, length, text]) => (body: Buffer) => {
      const start = from % (body.length + 1);
      const rest = body.subarray(start + (length % 20));
      return Buffer.concat([body.subarray(0, start), Buffer.from(text), rest]);
    }),
  inText([':"enabled"', ":1e999"], [':"enabled"', `:${"9".repeat(400)}`], [":5", ":-1e400"]),
  inText(["{", '{"__proto__":{"polluted":1},'], ["{", '{"constructor":{"prototype":1},']),
  inText(
    ["{", '{"UserEmail":"other@x.example",'],
    ["}", ',"UserEmail":null}'],
    ["}", ',"UserId":{}}'],
  ),
  inText(["acme", "other"], ["enabled", "\\ud800"], ["key-secret", "\\u0000\\u001b[2J"]),
  inText(
    ['"AWSAccessKeys":[', `"AWSAccessKeys":[${"[".repeat(5000)}`],
    ["[", "{"],
    ['"name"', '"Name"'],
  ),
  inText(["<Name>", "<!DOCTYPE x [<!ENTITY a 'aa'>]><Name>&a;"], ["<Name>", "<a>".repeat(3000)]),
  inText(["<Contents>", "<__proto__>"], ["ListBucketResult", "Error"], ["<Name>", "<![CDATA["]),
  fc.constant((body: Buffer) => gzipSync(body)),
  fc
    .constantFrom("", "null", "[]", "{}", '""', "0", "[".repeat(100_000), '{"a":'.repeat(50_000))
    .map((text) => () => Buffer.from(text)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => () => Buffer.from(bytes)),
  fc.jsonValue().map((value) => () => Buffer.from(JSON.stringify(value))),
  fc.tuple(oddText, oddText).map(
    ([code, message]) =>
      () =>
        Buffer.from(errorBody(code, message + canary)),
  ),
);

const headerNames = [
  ...["Content-Type", "Content-Length", "Transfer-Encoding", "Content-Encoding", "Connection"],
  ...[
    "Retry-After",
    "Date",
    "Location",
    "X-Amz-Err-Code",
    "X-Amz-Err-Message",
    "Upgrade",
    "Trailer",
  ],
  ...["x-amz-request-id", "__proto__", "constructor", "toString", "Set-Cookie", "Keep-Alive"],
];
const headerValues = fc.oneof(
  oddText,
  fc.constantFrom(
    ...["gzip", "chunked", "chunked, chunked", "0", "-1", "5", "99999999999999999999", "text/html"],
    ...[
      "1e308",
      "NaN",
      "Thu, 01 Jan 1970 00:00:00 GMT",
      "99999-99-99",
      "close",
      "RequestTimeTooSkewed",
    ],
    ...[
      canary,
      "a".repeat(8000),
      "a".repeat(20_000),
      "//elsewhere.example",
      "javascript:1",
      "http://[",
    ],
  ),
);

/** Changes of the status and headers. The client does not wait for a long Retry-After, because it does not retry. */
const ofDraft: Mutation<Draft> = fc.oneof(
  {
    weight: 6,
    arbitrary: ofBody.map((change) => (draft: Draft) => ({ ...draft, body: change(draft.body) })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        201,
        203,
        204,
        205,
        206,
        299,
        300,
        301,
        304,
        307,
        400,
        401,
        403,
        404,
        405,
        409,
        418,
        429,
        500,
        503,
        599,
        999,
      )
      .map((status) => (draft: Draft) => ({ ...draft, status })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...headerNames), headerValues)
      .map(([name, value]) => (draft: Draft) => ({
        ...draft,
        headers: [...draft.headers, [name, value] as [string, string]],
      })),
  },
  { weight: 1, arbitrary: fc.constant((draft: Draft) => ({ ...draft, isChunked: true })) },
);

/** Changes of the bytes on the wire. */
const ofBytes: Mutation<Buffer> = fc.oneof(
  { weight: 12, arbitrary: fc.constant((bytes: Buffer) => bytes) },
  { weight: 3, arbitrary: ofBody },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".repeat(100),
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(10_000),
        "HTTP/9.9 200 OK\r\n\r\n",
        "\r\n\r\n",
        "220 smtp.example ESMTP\r\n",
      )
      .map((text) => (bytes: Buffer) => Buffer.concat([Buffer.from(text), bytes])),
  },
);

/** A correct response, with or without changes. */
export function replies(body: string): fc.Arbitrary<RawReply> {
  const then = fc.oneof(
    { weight: 12, arbitrary: fc.constant("end" as const) },
    { weight: 3, arbitrary: fc.constant("reset" as const) },
    { weight: 1, arbitrary: fc.constant("keep" as const) },
  );
  return fc
    .tuple(fc.array(ofDraft, { maxLength: 4 }), ofBytes, then)
    .map(([changes, onWire, end]) => {
      const start: Draft = { status: 200, headers: [], body: Buffer.from(body), isChunked: false };
      const draft = changes.reduce((before, change) => change(before), start);
      return { bytes: onWire(wire(draft)), then: end };
    });
}

/** The bytes of a response. Its length is correct unless a header overrides it. */
export function wire({ status, headers, body, isChunked }: Draft): Buffer {
  const framing: [string, string][] = isChunked
    ? [["Transfer-Encoding", "chunked"]]
    : [["Content-Length", String(body.length)]];
  const isFramed = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  const lines = [...headers, ...(isFramed ? [] : framing)].map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const head = Buffer.from(`HTTP/1.1 ${status} X\r\n${lines.join("")}\r\n`);
  return Buffer.concat([head, isChunked ? chunked(body) : body]);
}

function chunked(body: Buffer): Buffer {
  const size = `${body.length.toString(16)}\r\n`;
  return Buffer.concat([Buffer.from(size), body, Buffer.from("\r\n0\r\n\r\n")]);
}

function inText(...replacements: [from: string, to: string][]): Mutation<Buffer> {
  return fc.constantFrom(...replacements).map(
    ([from, to]) =>
      (body: Buffer) =>
        Buffer.from(body.toString("latin1").replace(from, to), "latin1"),
  );
}

function errorBody(code: string, message: string): string {
  return message.length % 2 === 0
    ? JSON.stringify({ code, message })
    : `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
}
