import type { ServerResponse } from "node:http";

import type { Delivery } from "../faults/faults";
import type { Answer } from "./answer";

/**
 * Sends an answer, or cuts the connection as its delivery says.
 *
 * @param common - headers that every answer has
 */
export function send(
  response: ServerResponse,
  { answer, cut }: Delivery,
  common: Readonly<Record<string, string>>,
): void {
  const length = Buffer.byteLength(answer.body ?? "");
  if (cut === "all" || (cut === "half" && length === 0)) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, { ...common, ...lengthHeader(answer), ...answer.headers });
  if (cut === "half") sendHalf(response, Buffer.from(answer.body ?? ""));
  else response.end(answer.body);
}

/** Management JSON goes chunked like the service's; node does that by itself when no length is given. */
function lengthHeader({ status, body, chunked }: Answer): Record<string, string> {
  if (status === 204 || status === 304 || chunked === true) return {};
  return { "Content-Length": String(Buffer.byteLength(body ?? "")) };
}

function sendHalf(response: ServerResponse, body: Buffer): void {
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.destroy());
}
