import { DelegateBackoff, handleWhen, retry } from "cockatiel";
import type { Settings } from "../settings/settings";
import {
  ApiError,
  isRejected,
  isTransient,
  NetworkError,
  ShapeError,
  type Attempt,
} from "./errors";
import { oneLine } from "../text/plain";
import { describeRedirect } from "./redirect";
import { readRefusal } from "./refusal";
import { createServiceClock, type ServiceClock } from "./serviceClock";
import { signV2, signV4, type Credentials, type Signable } from "./sign";
import { startDeadline } from "./timeLimit";
import type { RawAnswer, Transport } from "./transport";

/** One operation to carry out. */
export interface Call extends Omit<Signable, "host"> {
  attempt: Attempt;
  /** Whether the operation may be sent again after a failure that leaves open whether it was done. */
  repeatable: boolean;
  /** The largest answer that is read, where it isn't a small one. */
  maxBytes?: number;
  /** Signs instead of the administrator's pair: a bucket's owner. */
  credentials?: Credentials;
}

/** Carries out a call: signs in each attempt, repeats what may be repeated; any 2xx is success. */
export type Send = (call: Call) => Promise<RawAnswer>;

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
  return async (call) => {
    const deadline = startDeadline(settings);
    let attempt = 0;
    let pauseMs = 0;
    const shouldRepeat = (error: Error) => {
      pauseMs = pauseAfter(error, baseMs * 2 ** ++attempt);
      return mayRepeat(call, error) && pauseMs < deadline.leftMs();
    };
    const backoff = new DelegateBackoff(() => pauseMs);
    const policy = retry(handleWhen(shouldRepeat), { maxAttempts: settings.maxRetries, backoff });
    return policy.execute(() => once(call, deadline.signal)).finally(deadline.end);
  };
}

/** A failure that leaves open what happened is the caller's, where that matters. */
function mayRepeat({ repeatable }: Call, error: Error): boolean {
  return repeatable ? isTransient(error) : error instanceof NetworkError && !error.sent;
}

/** What the service asked for, or up to `ceilingMs` at random, so that many clients don't come back at once. */
export function pauseAfter(error: unknown, ceilingMs: number): number {
  const asked = error instanceof ApiError ? error.retryAfterMs : undefined;
  return asked ?? Math.random() * Math.min(longestPauseMs, ceilingMs);
}

type Once = (call: Call, signal: AbortSignal) => Promise<RawAnswer>;

/** One attempt. In `auto` the first success settles the version for the process. */
function createOnce(settings: Settings, transport: Transport, now: () => number): Once {
  let settled = settings.signatureVersion === "auto" ? undefined : settings.signatureVersion;
  const signed = createSigned(settings, transport, createServiceClock(now));
  return async (call, signal) => {
    // Another request may settle the version while this one is under way.
    const known = settled;
    const version = known ?? "v4";
    try {
      const answer = await signed(call, version, signal);
      settled ??= version;
      return answer;
    } catch (error) {
      if (known !== undefined || !mayBeVersion(error)) throw error;
      const answer = await signed(call, "v2", signal).catch((second: unknown) => {
        throw moreTelling(error, second);
      });
      settled ??= "v2";
      return answer;
    }
  };
}

/** Signs with one version. A refusal that smells of clocks that differ is asked again once, by the service's. */
function createSigned(settings: Settings, transport: Transport, clock: ServiceClock) {
  const { host } = new URL(settings.endpoint);
  return async (call: Call, version: "v4" | "v2", signal: AbortSignal): Promise<RawAnswer> => {
    const credentials = call.credentials ?? settings;
    const sign = version === "v4" ? signV4 : signV2;
    const hide = [settings.secretAccessKey, credentials.secretAccessKey];
    const ask = async (nowMs: number) => {
      const headers = sign({ ...call, host }, credentials, settings.region, nowMs);
      const answer = await transport.send(call.attempt, { ...call, headers, signal });
      const isYes = answer.status >= 200 && answer.status < 300 && !holdsError(answer);
      const redirect = describeRedirect(answer, settings);
      const failure = isYes
        ? undefined
        : new ApiError(call.attempt, readRefusal(answer, hide, redirect));
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

/**
 * Whether a refusal may be about the signature's version: of the pair, of the request's form, or of what isn't
 * implemented. No source says what a service without V4 answers to it.
 */
function mayBeVersion(error: unknown): error is ApiError {
  if (!(error instanceof ApiError)) return false;
  return [400, 501].includes(error.status) || isOfSignature(error);
}

/** Whether a refusal is of who signs, or how: a bare 401 or 403, or a complaint about its form. */
function isOfSignature(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.code === "RequestTimeTooSkewed") return false;
  const isOfForm = /authorization|invalidrequest|signature/i.test(error.code);
  return isRejected(error) || (error.status === 400 && isOfForm);
}

/** Which of two refusals to tell. */
function moreTelling(v4: ApiError, v2: unknown): unknown {
  // Anything else is V2's own answer: a user that is absent, a wrong argument, a cut connection.
  if (!(v2 instanceof ApiError) || !isOfSignature(v2)) return v2;
  if (isOfSignature(v4)) return isTelling(v4) && !isTelling(v2) ? v4 : v2;
  // Wrong in itself, and turned away by a service without V2; or one without V4, and a wrong pair.
  v4.message += `; signed with V2: ${[v2.status, v2.code].join(" ").trim()}`;
  return v4;
}

/** Whether a refusal names the pair's fault, so that it helps more than "unsupported version". */
function isTelling({ code }: ApiError): boolean {
  return ["SignatureDoesNotMatch", "InvalidAccessKeyId", "AccessDenied"].includes(code);
}
