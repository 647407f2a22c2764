import { DelegateBackoff, handleWhen, retry, type IRetryBackoffContext } from "cockatiel";
import type { Settings } from "../settings";
import { ApiError, isTransient, NetworkError, type Attempt } from "./errors";
import { readRefusal } from "./refusal";
import { signV2, signV4, type Credentials, type Signable } from "./sign";
import type { RawAnswer, Transport } from "./transport";

/** One operation to carry out. */
export interface Call extends Omit<Signable, "host"> {
  attempt: Attempt;
  /** Whether the operation may be sent again after a failure that leaves open whether it was done. */
  repeatable: boolean;
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

/** Longer than this a person thinks the run hangs, whatever the service asks for. */
export const longestPauseMs = 60_000;

/**
 * Puts signing, the choice of signature version and repetition on top of a transport.
 *
 * @throws NetworkError, ApiError
 */
export function createSend(
  settings: Settings,
  transport: Transport,
  options: SendOptions = {},
): Send {
  const once = createOnce(settings, transport, options.now ?? Date.now);
  const baseMs = options.retryBaseMs ?? 200;
  const backoff = new DelegateBackoff<IRetryBackoffContext<unknown>>((context) =>
    pauseMs(context, baseMs),
  );
  const repeat = (shouldRepeat: (error: Error) => boolean) =>
    retry(handleWhen(shouldRepeat), { maxAttempts: settings.maxRetries, backoff });
  const repeatTransient = repeat(isTransient);
  const repeatUnsent = repeat((error) => error instanceof NetworkError && !error.sent);
  return (call) => (call.repeatable ? repeatTransient : repeatUnsent).execute(() => once(call));
}

/** Exponential with full jitter, or what the service asked for. */
function pauseMs({ attempt, result }: IRetryBackoffContext<unknown>, baseMs: number): number {
  const error = "error" in result ? result.error : undefined;
  const asked = error instanceof ApiError ? error.retryAfterMs : undefined;
  return Math.min(longestPauseMs, asked ?? Math.random() * baseMs * 2 ** attempt);
}

/** One attempt. In `auto` the first success settles the version for the process. */
function createOnce(settings: Settings, transport: Transport, now: () => number): Send {
  let settled = settings.signatureVersion === "auto" ? undefined : settings.signatureVersion;
  const signed = async (call: Call, version: "v4" | "v2") => {
    const credentials = call.credentials ?? settings;
    const sign = version === "v4" ? signV4 : signV2;
    const host = new URL(settings.endpoint).host;
    const headers = sign({ ...call, host }, credentials, settings.region, now());
    const answer = await transport.send(call.attempt, { ...call, headers });
    if (answer.status >= 200 && answer.status < 300) return answer;
    const hide = [settings.secretAccessKey, credentials.secretAccessKey];
    throw new ApiError(call.attempt, readRefusal(answer, hide));
  };
  return async (call) => {
    // Another request may settle the version while this one is under way.
    const known = settled;
    const version = known ?? "v4";
    try {
      const answer = await signed(call, version);
      settled ??= version;
      return answer;
    } catch (error) {
      if (known !== undefined || !mayBeVersion(error)) throw error;
      const answer = await signed(call, "v2").catch((second: unknown) => {
        // What isn't a rejection again is V2's own answer: a user that is absent, a cut connection.
        throw mayBeVersion(second) && telling(error) && !telling(second) ? error : second;
      });
      settled ??= "v2";
      return answer;
    }
  };
}

/** Whether a refusal may be about the signature's version: a bare 401 or 403, or a complaint about its form. */
function mayBeVersion(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  if (error.status === 401 || error.status === 403) {
    return error.code !== "RequestTimeTooSkewed" && error.code !== "InvalidAccessKeyId";
  }
  return error.status === 400 && /authorization|invalidrequest|signature/i.test(error.code);
}

/** Whether a refusal names the pair's fault, so that it helps more than "unsupported version". */
function telling(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    ["SignatureDoesNotMatch", "InvalidAccessKeyId", "AccessDenied"].includes(error.code)
  );
}
