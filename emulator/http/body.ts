import type { IncomingMessage } from "node:http";

import { ServiceError } from "../errors";

/** 64 MiB, because objects are in memory. */
export const bodyLimit = 64 * 1024 * 1024;

/** 2 MiB, because XML and JSON are parsed at once. 1000 keys to delete are smaller. */
export const documentLimit = 2 * 1024 * 1024;

/** Number of unread bytes that are discarded before the next request of a connection. */
const discarded = 64 * 1024;

/** Operations whose body is stored. The body of any other operation is a document. */
const storing = ["s3:PutObject", "s3:UploadPart"];

/** The largest body of an operation. */
export function limitOf(operation: string): number {
  return storing.includes(operation) ? bodyLimit : documentLimit;
}

/** The announced length: 0 without a body, undefined for a body of unknown length. */
export function announcedLength({ headers }: IncomingMessage): number | undefined {
  if (headers["transfer-encoding"] !== undefined) return undefined;
  return Number(headers["content-length"] ?? 0);
}

/** Whether the unread rest of a body is too large to use the connection again. */
export function isLargelyUnread(incoming: IncomingMessage): boolean {
  const { complete } = incoming;
  const length = announcedLength(incoming) ?? Infinity;
  return !complete && length > discarded;
}

/** @throws ServiceError if the announced body is too large for its operation, or for any operation */
export function checkAnnounced(incoming: IncomingMessage, operation = "s3:PutObject"): void {
  const length = announcedLength(incoming) ?? 0;
  if (length > limitOf(operation)) throw tooLarge(operation);
}

/**
 * Reads a whole body.
 *
 * @throws ServiceError beyond the limit of the operation; the rest is not read
 */
export async function readBody(incoming: IncomingMessage, operation: string): Promise<Buffer> {
  const announced = announcedLength(incoming);
  // Filled on arrival, because joining the chunks at the end would need twice the memory.
  const whole = Buffer.allocUnsafeSlow(announced ?? 0);
  const pieces: Buffer[] = [];
  let length = 0;
  // Not destroyed after a throw, because the connection must still carry the error.
  const source = incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const piece of source) {
    if (announced === undefined) pieces.push(piece);
    else piece.copy(whole, length);
    length += piece.length;
    if (length > limitOf(operation)) throw tooLarge(operation);
  }
  return announced === undefined ? Buffer.concat(pieces, length) : whole;
}

function tooLarge(operation: string): ServiceError {
  const message = `A body of this operation has at most ${limitOf(operation)} bytes`;
  if (storing.includes(operation)) return new ServiceError("EntityTooLarge", message);
  const isXml = operation.startsWith("s3:");
  return new ServiceError(isXml ? "MalformedXML" : "MaxMessageLengthExceeded", message);
}
