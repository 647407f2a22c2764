import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { webhookFailed } from "./messages";

/** How often and how long a post is attempted: half a minute in all at most. */
const limits = { maxAttempts: 3, timeoutMs: 5000, firstPauseMs: 200, longestPauseMs: 2000 };

/** A refusal, with its status. */
class Refused extends Error {
  constructor(readonly status: number) {
    super(`status ${status}`);
  }
}

/**
 * Posts a report as JSON. Retries if there is no answer, or if the receiver is busy. Redirects are not followed.
 *
 * @throws CodedError without the address, which may contain a secret
 */
export async function postReport(url: URL, json: string): Promise<void> {
  // Loaded here: a run without a webhook does not need all of undici.
  const { EnvHttpProxyAgent, request } = await import("undici");
  const timeouts = { headersTimeout: limits.timeoutMs, bodyTimeout: limits.timeoutMs };
  const dispatcher = new EnvHttpProxyAgent({ connect: { timeout: limits.timeoutMs }, ...timeouts });
  const policy = retry(handleWhen(isTransient), {
    maxAttempts: limits.maxAttempts,
    backoff: new ExponentialBackoff({
      initialDelay: limits.firstPauseMs,
      maxDelay: limits.longestPauseMs,
    }),
  });
  const headers = { "content-type": "application/json" };
  try {
    await policy.execute(async () => {
      const options = { method: "POST", headers, body: json, dispatcher } as const;
      const { statusCode, body } = await request(url, options);
      await body.dump();
      if (statusCode >= 300) throw new Refused(statusCode);
    });
  } catch (error) {
    throw webhookFailed(url.origin, reasonOf(error));
  } finally {
    await dispatcher.close();
  }
}

function isTransient(error: Error): boolean {
  if (!(error instanceof Refused)) return true;
  return error.status >= 500 || [408, 425, 429].includes(error.status);
}

/** Messages of other errors may contain the address. */
function reasonOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  return error instanceof Error && "code" in error ? String(error.code) : "no answer";
}
