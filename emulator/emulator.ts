import { setMaxListeners } from "node:events";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";

import { type Cluster, createCluster } from "./cluster";
import { type Fault, FaultQueue } from "./faults/faults";
import { Sentinels } from "./faults/sentinels";
import { checkOptions, type EmulatorOptions } from "./options";
import { Budget } from "./http/budget";
import { type RecordedRequest, RequestLog } from "./http/requestLog";
import { answerRequest } from "./http/server";
import { keepInFile } from "./storage";
import { createService, setSystemCredentials, systemCredentials } from "./service";
import type { AccessKey } from "./userTable";

/** Memory for the bodies of all requests under way. */
const inFlightBytes = 256 * 1024 * 1024;

/** How long an upload waits for this memory; clients give up on a silent service after a minute. */
const patienceMs = 30_000;

/** An ostor service in this process. */
export interface Emulator {
  /**
   * Listens. After a `stop` it listens on the same port again and still holds what it held.
   *
   * @returns the endpoint, such as `http://127.0.0.1:41235`
   * @throws Error when it is started already, and what the system says, such as EADDRINUSE
   */
  start(): Promise<string>;
  /** Closes all connections, those kept alive too. Does nothing when it isn't started. */
  stop(): Promise<void>;
  /** Origin without a slash at the end. @throws Error when it isn't started */
  readonly endpoint: string;
  /** The system user's present key pair. */
  readonly credentials: { accessKeyId: string; secretAccessKey: string };
  /** Gives the system user another key pair; the old one is refused from now on. */
  setCredentials(credentials: { accessKeyId: string; secretAccessKey: string }): void;
  /** What arrived so far, in the order it arrived; the newest 100,000 or 32 MiB of paths at most. Holds no secret. */
  readonly requests: RecordedRequest[];
  clearRequests(): void;
  /** Makes the next authenticated request that fits go wrong; several wait in a queue. */
  failNext(fault: Fault): void;
  /** Direct access to users and buckets, past the API. */
  readonly cluster: Cluster;
}

/**
 * Makes an emulator; it listens after `start`.
 *
 * @throws TypeError that names the option that is wrong
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  checkOptions(options);
  const service = createService(options);
  const data = options.dataFile === undefined ? undefined : keepInFile(service, options.dataFile);
  const { accessKeyId, secretAccessKey } = options;
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    setSystemCredentials(service, { accessKeyId, secretAccessKey });
  }
  const faults = new FaultQueue();
  const log = new RequestLog();
  const budget = new Budget(inFlightBytes, patienceMs);
  const surroundings = { service, faults, sentinels: new Sentinels(), log, budget };
  const door = createDoor(options, (stopped) => (incoming, response) => {
    const around = { ...surroundings, delayMs: options.delayMs ?? 0, stopped };
    void answerRequest(around, incoming, response);
  });
  return {
    start() {
      data?.hold();
      return door.start();
    },
    async stop() {
      await door.stop();
      data?.release();
    },
    get endpoint() {
      return door.endpoint();
    },
    get credentials(): AccessKey {
      return { ...systemCredentials(service) };
    },
    setCredentials: (credentials) => {
      setSystemCredentials(service, { ...credentials });
    },
    requests: log.entries,
    clearRequests: () => {
      log.clear();
    },
    failNext: (fault) => {
      faults.add(fault);
    },
    cluster: createCluster(service),
  };
}

type Listener = (stopped: AbortSignal) => RequestListener;

/** The listening half: start, stop and where. */
function createDoor(options: EmulatorOptions, listener: Listener) {
  const host = options.host ?? "127.0.0.1";
  let port = options.port ?? 0;
  let running: { server: Server; stopping: AbortController } | undefined;
  const endpoint = () => {
    if (!running) throw new Error("The emulator is not started");
    const name = host.includes(":") ? `[${host}]` : host;
    return `${options.tls ? "https" : "http"}://${name}:${port}`;
  };
  const start = async () => {
    if (running) throw new Error("The emulator is started already");
    const stopping = new AbortController();
    // Each request that waits listens to it.
    setMaxListeners(0, stopping.signal);
    const server = createServer(options, listener(stopping.signal));
    running = { server, stopping };
    try {
      port = await listen(server, port, host);
    } catch (error) {
      running = undefined;
      throw error;
    }
    return endpoint();
  };
  const stop = async () => {
    const { server, stopping } = running ?? {};
    running = undefined;
    stopping?.abort();
    if (server) await close(server);
  };
  return { start, stop, endpoint };
}

function createServer({ tls }: EmulatorOptions, listener: RequestListener): Server {
  const server = tls ? createHttpsServer(tls, listener) : createHttpServer(listener);
  // Longer than clients keep idle connections: a server that closes first looks like a lost answer.
  server.keepAliveTimeout = 65_000;
  // Who waits to be told to go on with a body is told so when the rest of the request was checked.
  server.on("checkContinue", listener);
  server.on("clientError", refuseUnreadable);
  return server;
}

/** What isn't HTTP gets a plain answer; nothing that a stranger sends ends the process. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const statuses: Record<string, string> = {
    HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
    ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
  };
  const status = statuses[error.code ?? ""] ?? "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host }, resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
