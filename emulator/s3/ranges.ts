import { ServiceError } from "../errors";

/** A range of a body. `end` is exclusive. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a `Range` header. Ignores other units and invalid ranges, as RFC 9110 demands, and multiple ranges, as
 * Amazon S3 does.
 *
 * @returns undefined for the whole body
 * @throws ServiceError InvalidRange for a range that starts after the end
 */
export function readRange(header: string, size: number): Slice | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/i.exec(header.trim()) ?? [];
  if (first === "" && last === "") return undefined;
  const slice =
    first === ""
      ? { start: Math.max(0, size - Number(last)), end: size }
      : { start: Number(first), end: last === "" ? size : Math.min(size, Number(last) + 1) };
  if (first !== "" && last !== "" && Number(first) > Number(last)) return undefined;
  if (slice.start >= size) throw unsatisfiable(size);
  return slice;
}

/**
 * Reads `x-amz-copy-source-range`. Unlike `Range`, it must be within the source, so that the copy is complete.
 *
 * @throws ServiceError InvalidArgument
 */
export function exactPiece(body: Buffer, header: string): Buffer {
  const [start, end] = /^bytes=(\d+)-(\d+)$/.exec(header)?.slice(1).map(Number) ?? [];
  if (start !== undefined && end !== undefined && start <= end && end < body.length) {
    return body.subarray(start, end + 1);
  }
  const message = `x-amz-copy-source-range ${header} does not fit the source, which has ${body.length} bytes`;
  throw new ServiceError("InvalidArgument", message);
}

/** The range of a part in an object of these parts. @throws ServiceError InvalidPartNumber */
export function sliceOfPart(partSizes: readonly number[], text: string): Slice {
  const number = Number(text);
  const size = partSizes[number - 1];
  if (!/^\d{1,5}$/.test(text) || size === undefined) {
    throw new ServiceError("InvalidPartNumber", `The object has no part ${text}`);
  }
  const start = partSizes.slice(0, number - 1).reduce((sum, each) => sum + each, 0);
  return { start, end: start + size };
}

/** The `Content-Range` of a range. */
export function contentRange({ start, end }: Slice, size: number): string {
  return `bytes ${start}-${end - 1}/${size}`;
}

function unsatisfiable(size: number): ServiceError {
  const headers = { "Content-Range": `bytes */${size}` };
  const message = `The range starts after the end of the object, which has ${size} bytes`;
  return new ServiceError("InvalidRange", message, undefined, {}, headers);
}
