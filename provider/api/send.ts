import { DelegateBackoff, handleWhen, retry } from "cockatiel";
import type { Settings } from "../settings/settings";
import {
  ApiError,
  isRejected,
  isTransient,
  NetworkError,
  ShapeError,
  type Attempt,
  type Operation,
} from "./errors";
import { problems } from "./messages";
import { describeRedirect } from "./redirect";
import { readRefusal } from "./refusal";
import { createServiceClock, type ServiceClock } from "./serviceClock";
import { signV2, signV4, type Credentials, type Signable } from "./sign";
import { mayBeVersion, failureToReport, type SignatureVersion } from "./signatureVersion";
import { startDeadline } from "./timeLimit";
import type { RawAnswer, Transport } from "./transport";
import { oneLine } from "../text/plain";

/** One operation. */
export interface Call extends Omit<Signable, "host"> {
  attempt: Attempt;
  /** For failures that have their own code. */
  operation?: Operation;
  /** Whether the request may be retried although the service may have carried it out. */
  repeatable: boolean;
  /** The largest answer that is read; default `answerBytes`. */
  maxBytes?: number;
  /** Sign the request instead of the administrator's key: those of a bucket's owner. */
  credentials?: Credentials;
}

/**
 * Sends a call: signs each attempt, and retries if that is safe. Any 2xx is success.
 *
 * @param read - decodes the answer, and throws a ShapeError for an unexpected one; until a signature version is confirmed,
 * the other one is tried after that too
 */
export type Send = <T = RawAnswer>(call: Call, read?: (answer: RawAnswer) => T) => Promise<T>;

/** Tests replace the clock (ms since the epoch) and the first pause between attempts. */
export interface SendOptions {
  now?: () => number;
  retryBaseMs?: number;
}

/** The longest pause between attempts, unless `Retry-After` asks for more. */
export const longestPauseMs = 60_000;

/**
 * Adds signatures, the choice of their version, retries and a deadline to a transport.
 *
 * @throws NetworkError, ApiError, ShapeError
 */
export function createSend(
  settings: Settings,
  transport: Transport,
  options: SendOptions = {},
): Send {
  const once = createOnce(settings, transport, options.now ?? Date.now);
  const baseMs = options.retryBaseMs ?? 200;
  return async <T>(call: Call, read = (answer: RawAnswer) => answer as T) => {
    const deadline = startDeadline(settings);
    let attempt = 0;
    let pauseMs = 0;
    const shouldRetry = (error: Error) => {
      pauseMs = pauseAfter(error, baseMs * 2 ** ++attempt);
      return mayRetry(call, error) && pauseMs < deadline.leftMs();
    };
    const backoff = new DelegateBackoff(() => pauseMs);
    const policy = retry(handleWhen(shouldRetry), { maxAttempts: settings.maxRetries, backoff });
    return policy.execute(() => once(call, read, deadline.signal)).finally(deadline.end);
  };
}

/** The caller handles a failure after which the outcome of a write is unknown. */
function mayRetry({ repeatable }: Call, error: Error): boolean {
  return isTransient(error) && (repeatable || (error instanceof NetworkError && !error.sent));
}

/** The time that the service asks to wait, or a random one up to `ceilingMs`, so that many clients do not retry at once. */
export function pauseAfter(error: unknown, ceilingMs: number): number {
  const asked = error instanceof ApiError ? error.retryAfterMs : undefined;
  return asked ?? Math.random() * Math.min(longestPauseMs, ceilingMs);
}

type Once = <T>(call: Call, read: (answer: RawAnswer) => T, signal: AbortSignal) => Promise<T>;

/** One attempt. In `auto` the first success confirms the version for the process. */
function createOnce(settings: Settings, transport: Transport, now: () => number): Once {
  let confirmed = settings.signatureVersion === "auto" ? undefined : settings.signatureVersion;
  const signed = createSigned(settings, transport, createServiceClock(now));
  return async (call, read, signal) => {
    const attempt = async (version: SignatureVersion) => {
      const result = read(await signed(call, version, signal));
      confirmed ??= version;
      return result;
    };
    // Another request may confirm the version while this one is running.
    const known = confirmed;
    try {
      return await attempt(known ?? "v4");
    } catch (error) {
      if (known !== undefined || !mayBeVersion(call, error)) throw error;
      return attempt("v2").catch((second: unknown) => {
        throw failureToReport(error, second);
      });
    }
  };
}

/** Signs with one version. After a refusal that may be due to the clock, retries once by the service's clock. */
function createSigned(settings: Settings, transport: Transport, clock: ServiceClock) {
  const { host } = new URL(settings.endpoint);
  return async (call: Call, version: SignatureVersion, signal: AbortSignal): Promise<RawAnswer> => {
    const credentials = call.credentials ?? settings;
    const sign = version === "v4" ? signV4 : signV2;
    const hide = [settings.secretAccessKey, credentials.secretAccessKey];
    const attempt = async (nowMs: number) => {
      const headers = sign({ ...call, host }, credentials, settings.region, nowMs);
      const answer = await transport.send(call.attempt, { ...call, headers, signal });
      const isSuccess = answer.status >= 200 && answer.status < 300 && !containsError(answer);
      const redirect = describeRedirect(answer, settings.endpoint);
      const failure = isSuccess
        ? undefined
        : new ApiError(call.attempt, readRefusal(answer, hide, redirect), call.operation);
      return { answer, failure };
    };
    let { answer, failure } = await attempt(clock.now());
    const offsetMs = failure && clock.offsetAfter(answer, failure.code);
    if (offsetMs !== undefined) {
      ({ answer, failure } = await attempt(clock.now(offsetMs)));
      // A second refusal is not due to the clock.
      const isRefused = isRejected(failure) || (failure !== undefined && failure.status < 300);
      if (!isRefused) clock.keep(offsetMs);
    }
    if (failure) throw failure;
    return refuseWebPage(call.attempt, answer);
  };
}

/** S3 may answer 200 before it fails: the body then contains the error. */
function containsError({ headers, body }: RawAnswer): boolean {
  return (headers["x-amz-err-code"] ?? "") !== "" || /^\s*(<\?xml[^>]*>\s*)?<Error[\s>]/.test(body);
}

/** An operation that ignores the body would accept a success of any web server. */
function refuseWebPage(attempt: Attempt, answer: RawAnswer): RawAnswer {
  if (!/^\s*<(!doctype\s+html|html)\b/i.test(answer.body)) return answer;
  const requestId = oneLine(answer.headers["x-amz-request-id"] ?? "");
  const type = answer.headers["content-type"] ?? "";
  throw new ShapeError(attempt, problems.webPage(type), requestId);
}
