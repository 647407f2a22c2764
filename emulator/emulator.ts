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

/** Memory for the bodies of all requests in progress. */
const inFlightBytes = 256 * 1024 * 1024;

/** How long an upload waits for this memory. Clients time out after a minute. */
const patienceMs = 30_000;

/** An ostor service in this process. */
export interface Emulator {
  /**
   * Starts listening. After a `stop` it uses the same port again and keeps its contents.
   *
   * @returns the endpoint, such as `http://127.0.0.1:41235`
   * @throws Error if it is already started, or the error of the system, such as EADDRINUSE
   */
  start(): Promise<string>;
  /** Closes all connections, including idle ones. Does nothing if it is not started. */
  stop(): Promise<void>;
  /** The origin, without a slash at the end. @throws Error if it is not started */
  readonly endpoint: string;
  /** The current access key of the system user. */
  readonly credentials: { accessKeyId: string; secretAccessKey: string };
  /** Replaces the access key of the system user. The old key is refused from then on. */
  setCredentials(credentials: { accessKeyId: string; secretAccessKey: string }): void;
  /** The requests in the order of their arrival: at most the newest 100,000 or 32 MiB of paths. Contains no secret. */
  readonly requests: RecordedRequest[];
  clearRequests(): void;
  /** Makes the next matching authenticated request fail. Several faults form a queue. */
  failNext(fault: Fault): void;
  /** Direct access to users and buckets, without the API. */
  readonly cluster: Cluster;
}

/**
 * Creates an emulator. It listens after `start`.
 *
 * @throws TypeError that names the invalid option
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
  const shared = { service, faults, sentinels: new Sentinels(), log, budget };
  const server = createStoppableServer(options, (stopped) => (incoming, response) => {
    const runtime = { ...shared, delayMs: options.delayMs ?? 0, stopped };
    void answerRequest(runtime, incoming, response);
  });
  return {
    start() {
      data?.lock();
      return server.start();
    },
    async stop() {
      await server.stop();
      data?.release();
    },
    get endpoint() {
      return server.endpoint();
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

function createStoppableServer(options: EmulatorOptions, listener: Listener) {
  const host = options.host ?? "127.0.0.1";
  let port = options.port ?? 0;
  let running: { server: Server; stopping: AbortController } | undefined;
  const endpoint = () => {
    if (!running) throw new Error("The emulator is not started");
    const name = host.includes(":") ? `[${host}]` : host;
    return `${options.tls ? "https" : "http"}://${name}:${port}`;
  };
  const start = async () => {
    if (running) throw new Error("The emulator is already started");
    const stopping = new AbortController();
    // Each waiting request listens to the signal.
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
  // Longer than clients keep idle connections. Otherwise a response seems lost when the server closes first.
  server.keepAliveTimeout = 65_000;
  // The listener sends 100 Continue only after it has checked the head of the request.
  server.on("checkContinue", listener);
  server.on("clientError", refuseUnreadable);
  return server;
}

/** Responds to input that is not HTTP, so that no input can end the process. */
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
