import fc from "fast-check";
import { oddText } from "./oddTexts";

const tidy = oddText.map((text) => text.replace(/[^\x21-\x7e]/g, "").replaceAll("#", "%23"));
/** Mostly valid in a request line or header, because Node refuses other texts before the emulator gets them. */
const word = fc.oneof({ weight: 20, arbitrary: tidy }, { weight: 1, arbitrary: oddText });

const method = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS") },
  { weight: 1, arbitrary: fc.constantFrom("CONNECT", "get", "BREW", "PRI") },
);
const token = fc
  .tuple(
    fc.constantFrom(
      "emailAddress",
      "id",
      "revokeKey",
      "genKey",
      "disable",
      "max-keys",
      "prefix",
      "marker",
    ),
    fc.oneof(word, fc.constantFrom("bystander%40example.com", "-1", "1e9", "%ff", "%00", "")),
  )
  .map(([name, value]) => `${name}=${value}`);
const service = fc.constantFrom(
  "ostor-users",
  "ostor-buckets",
  "ostor-limits",
  "versions",
  "list-type=2",
);
const query = fc
  .tuple(service, fc.array(token, { maxLength: 4 }))
  .map((words) => words.flat().join("&"));

/** Paths and queries, some of them absolute or too long. */
export const target = fc.oneof(
  { weight: 5, arbitrary: query.map((text) => `/?${text}`) },
  { weight: 4, arbitrary: fc.tuple(word, word, query).map(([a, b, c]) => `/${a}/${b}?${c}`) },
  {
    weight: 2,
    arbitrary: fc.tuple(word, query).map(([a, b]) => `http://elsewhere.example/${a}?${b}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "*",
      "",
      "//",
      "/../..",
      `/${"a".repeat(70_000)}`,
      `/?${"a&".repeat(6000)}`,
    ),
  },
);

const scope = fc.constantFrom("AK/20240101/us-east-1/s3/aws4_request", "AK", "a/b/c/d/e", "");
const authorization = fc.oneof(
  fc.tuple(word, word).map(([id, signature]) => `AWS ${id}:${signature}`),
  fc
    .tuple(scope, word, word)
    .map(
      ([credential, names, signature]) =>
        `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;${names}, Signature=${signature}`,
    ),
  fc.constantFrom("AWS AK:", "AWS4-HMAC-SHA256", "Basic YTpi", "AWS ".repeat(1000)),
);
const header = fc.oneof(
  { weight: 4, arbitrary: authorization.map((value) => `Authorization: ${value}`) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          "Date",
          "X-Amz-Date",
          "Range",
          "Content-MD5",
          "x-amz-content-sha256",
          "__proto__",
        ),
        fc.oneof(word, fc.constantFrom("0", "-1", "bytes=9-1", "20269999T999999Z")),
      )
      .map(([name, value]) => `${name}: ${value}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...["Content-Length: 5", "Content-Length: -1", "Content-Length: 9999999999999999999"],
      ...["Transfer-Encoding: chunked", "Transfer-Encoding: gzip", "Expect: 100-continue"],
      ...["Connection: upgrade\r\nUpgrade: h2c", `X-Large: ${"a".repeat(20_000)}`],
      `${"X: y\r\n".repeat(3000)}Y: z`,
    ),
  },
);
const body = fc.oneof(
  { weight: 4, arbitrary: fc.constant("") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "5\r\nhello\r\n0\r\n\r\n",
      "FFFFFFFFFF\r\nx",
      "-1\r\n",
      "0\r\nX: y\r\n\r\n",
    ),
  },
  { weight: 1, arbitrary: oddText },
);
const request = fc
  .tuple(method, target, fc.array(header, { maxLength: 3 }), body)
  .map(
    ([verb, path, headers, rest]) =>
      `${[`${verb} ${path} HTTP/1.1`, "Host: x", ...headers].join("\r\n")}\r\n\r\n${rest}`,
  );

/** The bytes of one connection: requests, incomplete requests, or other input. */
export const conversation = fc.oneof(
  { weight: 5, arbitrary: request.map((text) => Buffer.from(text)) },
  {
    weight: 2,
    arbitrary: fc.array(request, { maxLength: 5 }).map((all) => Buffer.from(all.join(""))),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(request, fc.nat()).map(([text, at]) => {
      const bytes = Buffer.from(text);
      return bytes.subarray(0, at % (bytes.length + 1));
    }),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
);
