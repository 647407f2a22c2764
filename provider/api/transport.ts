import { readFileSync } from "node:fs";
import type { buildConnector, Dispatcher } from "undici";
import type { Settings } from "../settings/settings";
import { readBody, tooLarge } from "./body";
import { certificatesIn, hasCertificates } from "../settings/certificate";
import { noCertificate } from "../settings/messages";
import { InternalError, NetworkError, ShapeError, type Attempt } from "./errors";
import { loadHttp, type Http } from "./http";
import { throughProxy } from "./messages";
import { isBug } from "./networkFailure";
import { findProxy, ProxyError, type Proxy } from "./proxy";
import { timeLimit } from "./timeLimit";
import { openTunnel } from "./tunnel";
import { userAgent } from "./userAgent";
import { oneLine } from "../text/plain";

/** An answer: header names in lower case, the whole body decoded. */
export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** Why the body of a refusal cannot be read, and is empty here. */
  unreadable?: string;
}

/** The limit for one user or an error. */
export const answerBytes = 1024 * 1024;

/** The limit for a list: about 360,000 users with two access keys each. Without a limit an endless answer ends this process. */
export const listBytes = 128 * 1024 * 1024;

/** Sends one signed request and reads its answer; throws NetworkError, ShapeError or InternalError. */
export interface Transport {
  send(
    attempt: Attempt,
    request: {
      method: Dispatcher.HttpMethod;
      path: string;
      headers: Record<string, string>;
      /** The largest answer that is read; default `answerBytes`. */
      maxBytes?: number;
      /** Ends the attempt, also while it waits for a connection. */
      signal?: AbortSignal;
    },
  ): Promise<RawAnswer>;
  /** Closes the connections of the pool when the running requests have ended. */
  close(): Promise<void>;
}

/**
 * Sent with each request, and never signed: some gateways answer 403 without a `User-Agent`, and proxies may change these
 * headers.
 */
const commonHeaders = {
  "User-Agent": userAgent,
  Accept: "*/*",
  "Accept-Encoding": "identity",
};

/**
 * Opens a pool of at most `maxConcurrency` keep-alive connections to the endpoint. More requests wait in the pool; the
 * time-out of a request starts when it is sent. A proxy comes from the environment (see `findProxy`). Redirects are never
 * followed: the signed headers would go to another server.
 */
export function createTransport(settings: Settings): Transport {
  const tls = tlsOptions(settings);
  let pool: Pool | undefined;
  return {
    async send(attempt, { maxBytes = answerBytes, ...request }) {
      try {
        pool ??= openPool(settings, tls);
        const headers = { ...commonHeaders, ...request.headers };
        const answer = await pool.request({ origin: settings.endpoint, ...request, headers });
        return await readAnswer(attempt, answer, maxBytes);
      } catch (error) {
        if (error instanceof ShapeError) throw error;
        if (isBug(error)) throw new InternalError(attempt, error);
        const proxy = error instanceof ProxyError ? "" : (pool?.throughProxy ?? "");
        throw new NetworkError(attempt, `${settings.endpoint}${proxy}`, error);
      }
    },
    close: async () => pool?.close(),
  };
}

/** Only a success may be as large as a list: parsing a refusal of that size would take minutes. */
async function readAnswer(
  attempt: Attempt,
  { statusCode: status, headers: wire, body }: Dispatcher.ResponseData,
  maxBytes: number,
): Promise<RawAnswer> {
  const limit = status < 300 ? maxBytes : answerBytes;
  const headers = flatHeaders(wire);
  const bytes = await readWithin(body, limit);
  const { text, problem, isTooLarge } = bytes ? readBody(headers, bytes, limit) : tooLarge(limit);
  if (problem === undefined) return { status, headers, body: text };
  // The status of a refusal says more than its body.
  if (status >= 300) return { status, headers, body: "", unreadable: problem };
  throw new ShapeError(attempt, problem, oneLine(headers["x-amz-request-id"] ?? ""), isTooLarge);
}

interface Pool {
  /** For messages; empty without a proxy. */
  throughProxy: string;
  request: (options: Dispatcher.RequestOptions) => ReturnType<Http["request"]>;
  close: () => Promise<void>;
}

/** Loads the HTTP client on the first request: a run that only compares sends none. */
function openPool(settings: Settings, tls: TlsOptions): Pool {
  const http = loadHttp();
  const timeoutMs = settings.timeoutSeconds * 1000;
  const direct = http.buildConnector({ ...tls, timeout: timeoutMs });
  const proxy = findProxy(settings.endpoint);
  const agent = new http.Agent({
    connections: settings.maxConcurrency,
    connect: proxy ? connectorThrough(proxy, direct, timeoutMs) : direct,
    // `timeLimit` limits both.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const limited = agent.compose(timeLimit(timeoutMs));
  return {
    throughProxy: proxy ? throughProxy(proxy.variable) : "",
    request: (options) => http.request(limited, options),
    close: () => agent.close(),
  };
}

type Connector = buildConnector.connector;

function connectorThrough(proxy: Proxy, direct: Connector, timeoutMs: number): Connector {
  return (options, callback) => {
    const { hostname, protocol, port } = options;
    const number = Number(port || (protocol === "https:" ? 443 : 80));
    openTunnel(proxy, hostname, number, timeoutMs).then(
      (socket) => {
        if (protocol === "https:") direct({ ...options, httpSocket: socket }, callback);
        else callback(null, socket);
      },
      (error: unknown) => {
        callback(error as Error, null);
      },
    );
  };
}

/** Reads a whole body; undefined if it is too large, which also closes its connection. */
async function readWithin(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

interface TlsOptions {
  ca?: string[];
  rejectUnauthorized: boolean;
}

function tlsOptions({ caPem, caFile, insecure }: Settings): TlsOptions {
  const ca = caPem ?? (caFile === undefined ? undefined : readFileSync(caFile, "utf8"));
  if (ca !== undefined && !hasCertificates(ca)) {
    throw noCertificate(caFile ?? "");
  }
  return { ...(ca === undefined ? {} : { ca: certificatesIn(ca) }), rejectUnauthorized: !insecure };
}

function flatHeaders(headers: Record<string, string | string[] | undefined>) {
  const entries = Object.entries(headers).map(
    ([name, value]) =>
      [name.toLowerCase(), Array.isArray(value) ? value.join(", ") : (value ?? "")] as const,
  );
  return Object.fromEntries(entries);
}
