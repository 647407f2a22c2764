import { createServer, type AddressInfo, type Socket } from "node:net";

/** The bytes that a misbehaving server sends, and what it does afterwards. */
export interface RawReply {
  bytes: Buffer;
  then: "end" | "keep" | "reset";
}

/** A server that sends the last given reply to each request. */
export interface RawServer {
  endpoint: string;
  /** Sets the next reply, and resets the number of requests. */
  reply(reply: RawReply): void;
  requests(): number;
  close(): Promise<void>;
}

/** Starts the server on a free port. */
export async function startRawServer(): Promise<RawServer> {
  let next: RawReply = { bytes: Buffer.alloc(0), then: "end" };
  let count = 0;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => open.delete(socket));
    socket.on("data", () => {
      count += 1;
      send(socket, next);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reply(reply) {
      next = reply;
      count = 0;
    },
    requests: () => count,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(socket: Socket, { bytes, then }: RawReply): void {
  if (then === "end") socket.end(bytes);
  else if (then === "keep") socket.write(bytes);
  else socket.write(bytes, () => socket.resetAndDestroy());
}
