import { readFileSync } from "node:fs";
import type { Dispatcher } from "undici";
import type { Settings } from "../settings/settings";
import { holdsCertificates } from "../settings/certificate";
import { NetworkError, ShapeError, type Attempt } from "./errors";
import { loadHttp, type Http } from "./http";
import { timeLimit } from "./timeLimit";

/** An answer as it came: header names in lower case, the body read whole. */
export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Enough for one user or an error; a list of all users or buckets may be as large as `listBytes`. */
export const answerBytes = 1024 * 1024;

/** Some 360,000 users with two key pairs each. Without a limit a server that never stops ends this process. */
export const listBytes = 128 * 1024 * 1024;

/** Sends one signed request and reads its answer; throws a NetworkError, or a ShapeError for one too large. */
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
  /** Closes the pool's connections once what is under way has ended. */
  close(): Promise<void>;
}

/**
 * Opens a pool of keep-alive connections to the endpoint, at most `maxConcurrency` of them; what is more
 * waits in the pool, and a request's time-out starts only when it is sent. Proxies come from `HTTP_PROXY`,
 * `HTTPS_PROXY` and `NO_PROXY`. Redirects are never followed: they would carry signed headers elsewhere.
 */
export function createTransport(settings: Settings): Transport {
  const tls = tlsOptions(settings);
  let pool: Pool | undefined;
  return {
    async send(attempt, { maxBytes = answerBytes, ...request }) {
      let limit: number;
      try {
        pool ??= openPool(settings, tls);
        const answer = await pool.request({ origin: settings.endpoint, ...request });
        // Only a yes is a list: what a refusal says is parsed in full, which would take minutes.
        limit = answer.statusCode < 300 ? maxBytes : answerBytes;
        const body = await readWithin(answer.body, limit);
        if (body !== undefined) {
          return { status: answer.statusCode, headers: flatHeaders(answer.headers), body };
        }
      } catch (error) {
        throw new NetworkError(attempt, settings.endpoint, error);
      }
      throw new ShapeError(attempt, `it is larger than ${limit / 1024 / 1024} MiB`, "");
    },
    close: async () => pool?.close(),
  };
}

interface Pool {
  request: (options: Dispatcher.RequestOptions) => ReturnType<Http["request"]>;
  close: () => Promise<void>;
}

/** A run that only compares sends nothing, and needn't wait for the HTTP client to be loaded. */
function openPool(settings: Settings, tls: TlsOptions): Pool {
  const { Agent, request } = loadHttp();
  const timeoutMs = settings.timeoutSeconds * 1000;
  const agent = new Agent({
    connections: settings.maxConcurrency,
    connect: { ...tls, timeout: timeoutMs },
    requestTls: tls,
    // The limit below bounds both.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const limited = agent.compose(timeLimit(timeoutMs));
  return { request: (options) => request(limited, options), close: () => agent.close() };
}

/** Reads a body whole; undefined when it is too large, and then its connection is cut. */
async function readWithin(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

interface TlsOptions {
  ca?: string;
  rejectUnauthorized: boolean;
}

function tlsOptions({ caPem, caFile, insecure }: Settings): TlsOptions {
  const ca = caPem ?? (caFile === undefined ? undefined : readFileSync(caFile, "utf8"));
  if (ca !== undefined && !holdsCertificates(ca)) {
    throw new Error(`caFile ${caFile ?? ""} holds no certificate in PEM form`);
  }
  return { ...(ca === undefined ? {} : { ca }), rejectUnauthorized: !insecure };
}

function flatHeaders(headers: Record<string, string | string[] | undefined>) {
  const entries = Object.entries(headers).map(
    ([name, value]) =>
      [name.toLowerCase(), Array.isArray(value) ? value.join(", ") : (value ?? "")] as const,
  );
  return Object.fromEntries(entries);
}
