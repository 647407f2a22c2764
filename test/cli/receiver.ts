import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Printed } from "./statePlace";

/** A receiver of reports, which refuses the first posts with the given statuses. */
export async function withReceiver(
  statuses: number[],
  work: (url: string, received: Printed[]) => Promise<void>,
  open: (
    listener: (request: IncomingMessage, response: ServerResponse) => void,
  ) => Server = createServer,
): Promise<void> {
  const received: Printed[] = [];
  const server = open((request, response) => {
    void text(request).then((body) => {
      const status = statuses.shift() ?? 200;
      if (status < 300) received.push(JSON.parse(body) as Printed);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    await work(`127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=T0KEN`, received);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}
