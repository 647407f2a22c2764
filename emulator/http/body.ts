import type { IncomingMessage } from "node:http";

import { ServiceError } from "../errors";

/** 64 MiB: objects live in memory, and nothing the emulator is for needs larger ones. */
export const bodyLimit = 64 * 1024 * 1024;

/**
 * Reads a whole body.
 *
 * @throws ServiceError EntityTooLarge beyond `bodyLimit`; the rest is left unread
 */
export async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Left alive after a throw: the connection still has to carry the refusal.
  const source = incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > bodyLimit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): ServiceError {
  return new ServiceError("EntityTooLarge", `The emulator takes bodies up to ${bodyLimit} bytes`);
}
