import zlib from "node:zlib";
import { problems } from "./messages";

/** A body as text, or why it cannot be read. */
export type Body =
  | { text: string; problem?: never; isTooLarge?: never }
  | { problem: string; isTooLarge?: boolean; text?: never };

/** No server encodes a body more often; each decoding takes memory up to the limit. */
const maxEncodings = 3;

/**
 * Reads the bytes of a body as text: decodes `Content-Encoding`, although none was requested, and applies the charset.
 *
 * @param maxBytes - limit of the decoded bytes: a few kilobytes can decode to gigabytes
 */
export function readBody(
  headers: Readonly<Record<string, string>>,
  bytes: Buffer,
  maxBytes: number,
): Body {
  // Answers to HEAD and with status 204 may name an encoding although they have no body.
  if (bytes.length === 0) return { text: "" };
  const encodings = (headers["content-encoding"] ?? "")
    .toLowerCase()
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "" && each !== "identity");
  const decoded = decodeAll(bytes, encodings.reverse(), maxBytes);
  return Buffer.isBuffer(decoded) ? toText(decoded, headers["content-type"] ?? "") : decoded;
}

/** A body that is larger than the limit. */
export function tooLarge(maxBytes: number): Body {
  return { problem: problems.tooLarge(maxBytes), isTooLarge: true };
}

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Buffer;

const decoders = new Map<string, Decoder>([
  ["gzip", zlib.gunzipSync],
  ["x-gzip", zlib.gunzipSync],
  ["br", zlib.brotliDecompressSync],
  ["deflate", inflate],
]);
// Node.js 22.15 and newer.
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: Decoder };
if (zstdDecompressSync) decoders.set("zstd", zstdDecompressSync);

/** Some servers omit the frame that the standard requires. */
function inflate(bytes: Buffer, options: { maxOutputLength: number }): Buffer {
  try {
    return zlib.inflateSync(bytes, options);
  } catch (error) {
    if (exceedsLimit(error)) throw error;
    return zlib.inflateRawSync(bytes, options);
  }
}

function decodeAll(bytes: Buffer, encodings: string[], maxBytes: number): Buffer | Body {
  if (encodings.length > maxEncodings) {
    return { problem: problems.manyEncodings(encodings.length) };
  }
  let decoded = bytes;
  for (const encoding of encodings) {
    const decode = decoders.get(encoding);
    try {
      if (decode) decoded = decode(decoded, { maxOutputLength: maxBytes });
      else if (!isPlain(decoded)) {
        return { problem: problems.unknownEncoding(encoding) };
      }
    } catch (error) {
      if (exceedsLimit(error)) return tooLarge(maxBytes);
      // A proxy may have decoded the body and kept the header.
      if (!isPlain(decoded)) {
        return { problem: problems.wrongEncoding(encoding) };
      }
    }
  }
  return decoded;
}

function exceedsLimit(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

/** Whether bytes begin like JSON, XML or a web page. */
function isPlain(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 100).toString();
  return /^\s*[[{<]/.test(start) && !/[^\s\P{Cc}]/u.test(start);
}

function toText(bytes: Buffer, contentType: string): Body {
  const charset = charsetOf(bytes, contentType);
  try {
    return { text: new TextDecoder(charset).decode(bytes) };
  } catch {
    // ASCII is the same in each charset.
    if (bytes.every((byte) => byte > 0 && byte < 0x80)) return { text: bytes.toString("latin1") };
    return { problem: problems.unknownCharset(charset) };
  }
}

/** The charset: from a byte order mark, `Content-Type` or the XML declaration, or UTF-16 by its zeros. */
function charsetOf(bytes: Buffer, contentType: string): string {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  const named = /;\s*charset\s*=\s*["']?([^\s;"',]+)/i.exec(contentType)?.[1]?.toLowerCase();
  const isUtf16 = named === undefined || named === "utf-16";
  if (isUtf16 && first === 0 && second !== 0) return "utf-16be";
  if (isUtf16 && first !== 0 && second === 0) return "utf-16le";
  if (named !== undefined) return named;
  const start = bytes.subarray(0, 200).toString("latin1");
  const declared = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/i.exec(start)?.[1];
  // A declaration that is readable as bytes is not UTF-16, even if it says so.
  return declared === undefined || /^(utf|ucs)-?16/i.test(declared) ? "utf-8" : declared;
}
