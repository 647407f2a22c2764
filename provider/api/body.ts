import zlib from "node:zlib";
import { oneLine } from "../text/plain";

/** A body as text, or why it cannot be read. */
export type Body =
  | { text: string; problem?: never; isGiant?: never }
  | { problem: string; isGiant?: boolean; text?: never };

/** Nobody encodes a body more often than that; each time costs up to the limit in memory. */
const mostEncodings = 3;

/**
 * Reads the bytes of a body as text: undoes `Content-Encoding`, although none was asked for, and honours the charset.
 *
 * @param maxBytes - limit of the decoded bytes: a few kilobytes can hold gigabytes
 */
export function readBody(
  headers: Readonly<Record<string, string>>,
  bytes: Buffer,
  maxBytes: number,
): Body {
  // Answers to HEAD and 204 name an encoding that they don't have.
  if (bytes.length === 0) return { text: "" };
  const encodings = (headers["content-encoding"] ?? "")
    .toLowerCase()
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "" && each !== "identity");
  const decoded = decodeAll(bytes, encodings.reverse(), maxBytes);
  return Buffer.isBuffer(decoded) ? toText(decoded, headers["content-type"] ?? "") : decoded;
}

/** A body that is larger than what is read. */
export function giant(maxBytes: number): Body {
  return { problem: `it is larger than ${maxBytes / 1024 / 1024} MiB`, isGiant: true };
}

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Buffer;

const decoders = new Map<string, Decoder>([
  ["gzip", zlib.gunzipSync],
  ["x-gzip", zlib.gunzipSync],
  ["br", zlib.brotliDecompressSync],
  ["deflate", inflate],
]);
// From Node 22.15 on.
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: Decoder };
if (zstdDecompressSync) decoders.set("zstd", zstdDecompressSync);

/** Some servers leave out the frame that the standard asks for. */
function inflate(bytes: Buffer, options: { maxOutputLength: number }): Buffer {
  try {
    return zlib.inflateSync(bytes, options);
  } catch (error) {
    if (isTooLarge(error)) throw error;
    return zlib.inflateRawSync(bytes, options);
  }
}

function decodeAll(bytes: Buffer, encodings: string[], maxBytes: number): Buffer | Body {
  if (encodings.length > mostEncodings) {
    return { problem: `it has ${encodings.length} content encodings` };
  }
  let decoded = bytes;
  for (const encoding of encodings) {
    const decode = decoders.get(encoding);
    try {
      if (decode) decoded = decode(decoded, { maxOutputLength: maxBytes });
      else if (!isPlain(decoded)) {
        return { problem: `its content-encoding ${oneLine(encoding)} is not supported` };
      }
    } catch (error) {
      if (isTooLarge(error)) return giant(maxBytes);
      // Something decoded the body before and left the header.
      if (!isPlain(decoded)) {
        return { problem: `it cannot be decoded by its content-encoding ${encoding}` };
      }
    }
  }
  return decoded;
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

/** Whether bytes begin like the text of JSON, XML or a web page. */
function isPlain(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 100).toString();
  return /^\s*[[{<]/.test(start) && !/[^\s\P{Cc}]/u.test(start);
}

function toText(bytes: Buffer, contentType: string): Body {
  const charset = charsetOf(bytes, contentType);
  try {
    return { text: new TextDecoder(charset).decode(bytes) };
  } catch {
    // A charset that does not exist is harmless where it makes no difference.
    if (bytes.every((byte) => byte > 0 && byte < 0x80)) return { text: bytes.toString("latin1") };
    return { problem: `its charset ${oneLine(charset)} is not supported` };
  }
}

/** The charset: of a byte order mark, of `Content-Type`, of the XML declaration, or by the zeros of UTF-16. */
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
  // A declaration that can be read byte by byte is not UTF-16, whatever it says.
  return declared === undefined || /^(utf|ucs)-?16/i.test(declared) ? "utf-8" : declared;
}
