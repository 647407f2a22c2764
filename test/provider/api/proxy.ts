import { request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { withWebServer } from "../harness";

/** A proxy that forwards plain requests and opens tunnels; `seen` lists their targets. */
export async function withProxy(
  run: (proxy: string, seen: string[]) => Promise<void>,
): Promise<void> {
  const seen: string[] = [];
  const sockets: Socket[] = [];
  const plain = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    seen.push(`${incoming.method ?? ""} ${incoming.url ?? ""}`);
    const { method, headers } = incoming;
    const onward = forward(incoming.url ?? "", { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  };
  await withWebServer(plain, async (proxy, server) => {
    server.on("connect", (incoming: IncomingMessage, client: Socket) => {
      seen.push(`CONNECT ${incoming.url ?? ""}`);
      const [host = "", port = ""] = (incoming.url ?? "").split(":");
      const target = connect(Number(port), host, () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        client.pipe(target).pipe(client);
      });
      for (const socket of [client, target]) socket.on("error", () => socket.destroy());
      sockets.push(client, target);
    });
    try {
      await run(proxy, seen);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });
}
