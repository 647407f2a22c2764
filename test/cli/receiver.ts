import type { RequestListener, Server } from "node:http";
import { text } from "node:stream/consumers";
import { withWebServer } from "../provider/harness";
import type { Printed } from "./statePlace";

/** A receiver of reports, which refuses the first posts with the given statuses. */
export async function withReceiver(
  statuses: number[],
  work: (url: string, received: Printed[]) => Promise<void>,
  open?: (listener: RequestListener) => Server,
): Promise<void> {
  const received: Printed[] = [];
  const answer: RequestListener = (request, response) => {
    void text(request).then((body) => {
      const status = statuses.shift() ?? 200;
      if (status < 300) received.push(JSON.parse(body) as Printed);
      response.writeHead(status).end();
    });
  };
  const run = (endpoint: string) => work(`${new URL(endpoint).host}/hook?token=T0KEN`, received);
  await withWebServer(answer, run, open);
}
