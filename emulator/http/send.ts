import type { IncomingMessage, ServerResponse } from "node:http";

import type { Delivery } from "../faults/faults";
import type { Answer } from "./answer";

/** How long a client may continue to send a refused body: in total, and without a byte. */
const lingering = { wholeMs: 30_000, idleMs: 5_000 };

/**
 * Sends a response, or cuts the connection as its delivery demands.
 *
 * @param common - headers of every response
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

/**
 * Sends a response before the body of the request has arrived. If the server closed the connection with unread
 * bytes, the client would lose the response. So it reads and discards the body for a while.
 */
export function sendEarly(
  incoming: IncomingMessage,
  response: ServerResponse,
  { status, headers, body = "" }: Answer,
  common: Readonly<Record<string, string>>,
): void {
  response.shouldKeepAlive = false;
  const length = { "Content-Length": String(Buffer.byteLength(body)) };
  response.writeHead(status, { ...common, ...length, ...headers });
  response.flushHeaders();
  if (body.length > 0) response.write(body);
  linger(incoming, () => response.end());
}

function linger(incoming: IncomingMessage, close: () => void): void {
  const end = () => {
    clearTimeout(whole);
    clearTimeout(idle);
    close();
  };
  const whole = setTimeout(end, lingering.wholeMs);
  const idle = setTimeout(end, lingering.idleMs);
  incoming.on("data", () => idle.refresh());
  incoming.once("end", end);
  incoming.once("close", end);
  incoming.resume();
}

/** Without a length, Node sends the response chunked, as the service sends management JSON. */
function lengthHeader({ status, body, chunked }: Answer): Record<string, string> {
  if (status === 204 || status === 304 || chunked === true) return {};
  return { "Content-Length": String(Buffer.byteLength(body ?? "")) };
}

function sendHalf(response: ServerResponse, body: Buffer): void {
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.destroy());
}
