import type { IncomingMessage } from "node:http";

import { ServiceError } from "../errors";

/** 64 MiB: objects live in memory, and nothing the emulator is for needs larger ones. */
export const bodyLimit = 64 * 1024 * 1024;

/** 2 MiB: XML and JSON are parsed in one go, and 1000 keys to delete fit in. */
export const documentLimit = 2 * 1024 * 1024;

/** So many unread bytes are read and dropped before the next request of a connection. */
const discarded = 64 * 1024;

/** Operations whose body is stored; the body of any other is a document. */
const storing = ["s3:PutObject", "s3:UploadPart"];

/** The largest body that an operation takes. */
export function limitOf(operation: string): number {
  return storing.includes(operation) ? bodyLimit : documentLimit;
}

/** How many bytes a request announces: 0 without a body, undefined for one of unknown length. */
export function announcedLength({ headers }: IncomingMessage): number | undefined {
  if (headers["transfer-encoding"] !== undefined) return undefined;
  return Number(headers["content-length"] ?? 0);
}

/** Whether so much of a body hasn't arrived that the connection can't be used again. */
export function isLargelyUnread(incoming: IncomingMessage): boolean {
  const { complete } = incoming;
  const length = announcedLength(incoming) ?? Infinity;
  return !complete && length > discarded;
}

/** @throws ServiceError for a body that is announced to be larger than its operation takes, or than any does */
export function checkAnnounced(incoming: IncomingMessage, operation = "s3:PutObject"): void {
  const length = announcedLength(incoming) ?? 0;
  if (length > limitOf(operation)) throw tooLarge(operation);
}

/**
 * Reads a whole body.
 *
 * @throws ServiceError beyond the operation's limit; the rest is left unread
 */
export async function readBody(incoming: IncomingMessage, operation: string): Promise<Buffer> {
  const announced = announcedLength(incoming);
  // Filled as it arrives: joining the pieces at the end would need the memory twice.
  const whole = Buffer.allocUnsafeSlow(announced ?? 0);
  const pieces: Buffer[] = [];
  let length = 0;
  // Left alive after a throw: the connection still has to carry the refusal.
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
  const message = `The emulator takes bodies of ${limitOf(operation)} bytes at most here`;
  if (storing.includes(operation)) return new ServiceError("EntityTooLarge", message);
  const isXml = operation.startsWith("s3:");
  return new ServiceError(isXml ? "MalformedXML" : "MaxMessageLengthExceeded", message);
}
