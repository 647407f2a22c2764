import assert from "node:assert/strict";
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createDoor, type AddressInfo, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** The kind of a request. Faults aim at kinds. */
export type Kind =
  | "listUsers"
  | "getUser"
  | "createUser"
  | "enableUser"
  | "disableUser"
  | "deleteUser"
  | "generateKey"
  | "revokeKey"
  | "listBuckets"
  | "listObjects"
  | "deleteBucket";

/** A response on the wire. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** One request. A fault decides how it ends. */
export interface Exchange {
  readonly kind: Kind;
  readonly method: string;
  readonly url: string;
  /** Sends it to the service. */
  forward(): Promise<Answer>;
  reply(answer: Answer): void;
  /** Cuts the connection without a response. */
  reset(): void;
  /** Sends the first half, at least of the headers, and ends the connection. */
  replyHalf(answer: Answer): void;
  /** Sends a response byte by byte until the client disconnects. */
  drip(): void;
}

/** How each request ends. `index` counts from the start of the plan. */
export interface Plan {
  handle: (exchange: Exchange, index: number) => Promise<void>;
  /** How many requests pass before connections are refused. */
  refuseAfter?: number;
  withoutDate?: boolean;
}

/** A request that passed, and whether the whole response of the service was delivered. */
export interface Passed {
  kind: Kind;
  status?: number;
  isIntact: boolean;
}

/** A proxy between a client and a service, on real sockets. */
export interface Proxy {
  readonly endpoint: string;
  readonly passed: Passed[];
  follow(plan: Plan): Promise<void>;
  /** Passes all requests again, and accepts connections. */
  heal(): Promise<void>;
  /** Accepts connections again. */
  open: () => Promise<void>;
  readonly port: number;
  close(): Promise<void>;
}

/** Passes a request on unchanged. */
export const pass = async (exchange: Exchange): Promise<void> => {
  exchange.reply(await exchange.forward());
};

/** Starts a proxy in front of a service. */
export async function startProxy(service: string): Promise<Proxy> {
  const passed: Passed[] = [];
  const failures: unknown[] = [];
  let plan: Plan = { handle: pass };
  let count = 0;
  let door: Server | undefined;
  let port = 0;
  const shut = () => {
    door?.close();
    door = undefined;
  };
  const server = createServer((incoming, response) => {
    const { handle, refuseAfter = Number.POSITIVE_INFINITY, withoutDate = false } = plan;
    const index = count++;
    response.sendDate = !withoutDate;
    if (refuseAfter < Number.POSITIVE_INFINITY) response.shouldKeepAlive = false;
    const beforeReply = () => {
      if (index + 1 === refuseAfter) shut();
    };
    const exchange = createExchange(service, incoming, response, passed, beforeReply);
    handle(exchange, index).catch((error: unknown) => {
      failures.push(error);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 65_000;
  const open = async () => {
    if (door) return;
    const opened = createDoor((socket) => server.emit("connection", socket));
    door = opened;
    await new Promise<void>((resolve) => opened.listen({ port, host: "127.0.0.1" }, resolve));
    port = (opened.address() as AddressInfo).port;
  };
  await open();
  return {
    passed,
    port,
    endpoint: `http://127.0.0.1:${port}`,
    open,
    async follow(next) {
      plan = next;
      count = 0;
      passed.length = 0;
      if (next.refuseAfter === 0) shut();
      else await open();
    },
    async heal() {
      plan = { handle: pass };
      await open();
    },
    async close() {
      assert.deepEqual(failures, [], "a fault failed itself");
      shut();
      server.closeAllConnections();
      await sleep(0);
    },
  };
}

function createExchange(
  service: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  passed: Passed[],
  beforeReply: () => void,
): Exchange {
  const entry: Passed = {
    kind: kindOf(incoming.method ?? "", incoming.url ?? ""),
    isIntact: false,
  };
  passed.push(entry);
  let own: Answer | undefined;
  return {
    kind: entry.kind,
    method: incoming.method ?? "",
    url: incoming.url ?? "",
    async forward() {
      own = await sendTo(service, incoming);
      return own;
    },
    reply(answer) {
      beforeReply();
      entry.isIntact = answer === own;
      entry.status = answer.status;
      response.writeHead(answer.status, answer.headers).end(answer.body);
    },
    reset() {
      incoming.socket.resetAndDestroy();
    },
    replyHalf({ status, headers, body }) {
      const fields = Object.entries({ ...headers, "Content-Length": Buffer.byteLength(body) });
      const head = `HTTP/1.1 ${status} OK\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join("")}`;
      const half = body === "" ? head : `${head}\r\n${body.slice(0, body.length / 2)}`;
      incoming.socket.end(half);
    },
    drip() {
      response.writeHead(200, { "Content-Type": "application/json" });
      const timer = setInterval(() => response.write(" "), 10);
      response.on("close", () => {
        clearInterval(timer);
      });
    },
  };
}

/** Keeps the host that the client sent, because signatures cover it. */
function sendTo(service: string, { method, url, headers }: IncomingMessage): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(service);
    const options = { hostname, port, method, path: url, headers, setHost: false, agent: false };
    const outgoing = forward(options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const { statusCode: status = 0 } = answer;
        resolve({ status, headers: ownHeaders(answer), body: Buffer.concat(chunks).toString() });
      });
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

/** The headers of the service, without those of its connection. */
function ownHeaders({ headers }: IncomingMessage): Record<string, string> {
  const entries = Object.entries(headers).filter(
    ([name]) => name.startsWith("x-amz-") || name === "content-type" || name === "retry-after",
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function kindOf(method: string, url: string): Kind {
  const { pathname, searchParams: query } = new URL(url, "http://s3");
  if (query.has("ostor-buckets")) return "listBuckets";
  if (!query.has("ostor-users")) return method === "DELETE" ? "deleteBucket" : "listObjects";
  if (method === "PUT") return "createUser";
  if (method === "DELETE") return "deleteUser";
  if (method === "GET") {
    return query.has("emailAddress") || query.has("id") ? "getUser" : "listUsers";
  }
  if (query.has("genKey")) return "generateKey";
  if (query.has("revokeKey")) return "revokeKey";
  return query.has("enable") ? "enableUser" : pathname === "/" ? "disableUser" : "listObjects";
}
