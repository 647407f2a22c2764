import { readFileSync } from "node:fs";
import { EnvHttpProxyAgent, type Dispatcher } from "undici";
import type { Settings } from "../settings";
import { NetworkError, type Attempt } from "./errors";
import { timeLimit } from "./timeLimit";

/** An answer as it came: header names in lower case, the body read whole. */
export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Sends one signed request and reads its answer; throws only a NetworkError. */
export interface Transport {
  send(
    attempt: Attempt,
    request: {
      method: Dispatcher.HttpMethod;
      path: string;
      headers: Record<string, string>;
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
  const timeoutMs = settings.timeoutSeconds * 1000;
  const agent = new EnvHttpProxyAgent({
    connections: settings.maxConcurrency,
    connect: { ...tls, timeout: timeoutMs },
    requestTls: tls,
    // The limit below bounds both.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const limited = agent.compose(timeLimit(timeoutMs));
  return {
    async send(attempt, request) {
      try {
        const answer = await limited.request({ origin: settings.endpoint, ...request });
        return {
          status: answer.statusCode,
          headers: flatHeaders(answer.headers),
          body: await answer.body.text(),
        };
      } catch (error) {
        throw new NetworkError(attempt, settings.endpoint, error);
      }
    },
    close: () => agent.close(),
  };
}

function tlsOptions({ caPem, caFile, insecure }: Settings) {
  const ca = caPem ?? (caFile === undefined ? undefined : readFileSync(caFile, "utf8"));
  return { ...(ca === undefined ? {} : { ca }), rejectUnauthorized: !insecure };
}

function flatHeaders(headers: Record<string, string | string[] | undefined>) {
  const entries = Object.entries(headers).map(
    ([name, value]) =>
      [name.toLowerCase(), Array.isArray(value) ? value.join(", ") : (value ?? "")] as const,
  );
  return Object.fromEntries(entries);
}
