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
import { describeRedirect } from "./redirect";
import { readRefusal } from "./refusal";
import { createServiceClock, type ServiceClock } from "./serviceClock";
import { signV2, signV4, type Credentials, type Signable } from "./sign";
import { mayBeVersion, moreTelling, type SignatureVersion } from "./signatureVersion";
import { startDeadline } from "./timeLimit";
import type { RawAnswer, Transport } from "./transport";
import { oneLine } from "../text/plain";

/** One operation to carry out. */
export interface Call extends Omit<Signable, "host"> {
  attempt: Attempt;
  /** For failures that are recognised by their operation. */
  operation?: Operation;
  /** Whether the operation may be sent again after a failure that leaves open whether it was done. */
  repeatable: boolean;
  /** The largest answer that is read, where it isn't a small one. */
  maxBytes?: number;
  /** Signs instead of the administrator's pair: a bucket's owner. */
  credentials?: Credentials;
}

/**
 * Carries out a call: signs in each attempt, repeats what may be repeated; any 2xx is success.
 *
 * @param read - turns the answer into what it tells, and throws a ShapeError for a foreign one. While the signature version
 * is not settled, that too is a reason to try the other one.
 */
export type Send = <T = RawAnswer>(call: Call, read?: (answer: RawAnswer) => T) => Promise<T>;

/** What tests replace: the clock (ms since the epoch) and the first pause between attempts. */
export interface SendOptions {
  now?: () => number;
  retryBaseMs?: number;
}

/** Longer than this no pause grows by itself; what `Retry-After` asks for may be longer. */
export const longestPauseMs = 60_000;

/**
 * Puts signing, the choice of signature version, repetition and a deadline on top of a transport.
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
    const shouldRepeat = (error: Error) => {
      pauseMs = pauseAfter(error, baseMs * 2 ** ++attempt);
      return mayRepeat(call, error) && pauseMs < deadline.leftMs();
    };
    const backoff = new DelegateBackoff(() => pauseMs);
    const policy = retry(handleWhen(shouldRepeat), { maxAttempts: settings.maxRetries, backoff });
    return policy.execute(() => once(call, read, deadline.signal)).finally(deadline.end);
  };
}

/** A failure that leaves open what happened is the caller's, where that matters. */
function mayRepeat({ repeatable }: Call, error: Error): boolean {
  return isTransient(error) && (repeatable || (error instanceof NetworkError && !error.sent));
}

/** What the service asked for, or up to `ceilingMs` at random, so that many clients don't come back at once. */
export function pauseAfter(error: unknown, ceilingMs: number): number {
  const asked = error instanceof ApiError ? error.retryAfterMs : undefined;
  return asked ?? Math.random() * Math.min(longestPauseMs, ceilingMs);
}

type Once = <T>(call: Call, read: (answer: RawAnswer) => T, signal: AbortSignal) => Promise<T>;

/** One attempt. In `auto` the first success settles the version for the process. */
function createOnce(settings: Settings, transport: Transport, now: () => number): Once {
  let settled = settings.signatureVersion === "auto" ? undefined : settings.signatureVersion;
  const signed = createSigned(settings, transport, createServiceClock(now));
  return async (call, read, signal) => {
    const ask = async (version: SignatureVersion) => {
      const told = read(await signed(call, version, signal));
      settled ??= version;
      return told;
    };
    // Another request may settle the version while this one is under way.
    const known = settled;
    try {
      return await ask(known ?? "v4");
    } catch (error) {
      if (known !== undefined || !mayBeVersion(call, error)) throw error;
      return ask("v2").catch((second: unknown) => {
        throw moreTelling(error, second);
      });
    }
  };
}

/** Signs with one version. A refusal that smells of clocks that differ is asked again once, by the service's. */
function createSigned(settings: Settings, transport: Transport, clock: ServiceClock) {
  const { host } = new URL(settings.endpoint);
  return async (call: Call, version: SignatureVersion, signal: AbortSignal): Promise<RawAnswer> => {
    const credentials = call.credentials ?? settings;
    const sign = version === "v4" ? signV4 : signV2;
    const hide = [settings.secretAccessKey, credentials.secretAccessKey];
    const ask = async (nowMs: number) => {
      const headers = sign({ ...call, host }, credentials, settings.region, nowMs);
      const answer = await transport.send(call.attempt, { ...call, headers, signal });
      const isYes = answer.status >= 200 && answer.status < 300 && !holdsError(answer);
      const redirect = describeRedirect(answer, settings.endpoint);
      const failure = isYes
        ? undefined
        : new ApiError(call.attempt, readRefusal(answer, hide, redirect), call.operation);
      return { answer, failure };
    };
    let { answer, failure } = await ask(clock.now());
    const offsetMs = failure && clock.offsetAfter(answer, failure.code);
    if (offsetMs !== undefined) {
      ({ answer, failure } = await ask(clock.now(offsetMs)));
      // Refused again it wasn't the clock.
      const isRefused = isRejected(failure) || (failure !== undefined && failure.status < 300);
      if (!isRefused) clock.keep(offsetMs);
    }
    if (failure) throw failure;
    return requireNoPage(call.attempt, answer);
  };
}

/** S3 knows a yes that turns into a failure on the way: its body says so. */
function holdsError({ headers, body }: RawAnswer): boolean {
  return (headers["x-amz-err-code"] ?? "") !== "" || /^\s*(<\?xml[^>]*>\s*)?<Error[\s>]/.test(body);
}

/** Operations without an answer's body would take any web server's yes for the service's. */
function requireNoPage(attempt: Attempt, answer: RawAnswer): RawAnswer {
  if (!/^\s*<(!doctype\s+html|html)\b/i.test(answer.body)) return answer;
  const requestId = oneLine(answer.headers["x-amz-request-id"] ?? "");
  const type = oneLine(answer.headers["content-type"] ?? "no content type");
  throw new ShapeError(attempt, `it is no JSON (${type}) but a web page`, requestId);
}
