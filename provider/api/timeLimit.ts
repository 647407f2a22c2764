import type { Dispatcher } from "undici";

/** A time that was up: of one attempt, or of the whole operation. Names the setting that gives it. */
export class TimeUpError extends Error {
  override readonly name = "TimeUpError";

  constructor(
    readonly setting: "timeoutSeconds" | "deadlineSeconds",
    limitMs: number,
  ) {
    const name = setting === "timeoutSeconds" ? "timeout" : "deadline";
    super(`${name}: no whole answer within ${limitMs / 1000} s`);
  }
}

/**
 * Bounds one attempt from the moment it is sent until its answer is whole. The client's own time-outs start
 * anew with every byte, so that an answer that drips would never end; waiting for a connection doesn't count.
 */
export function timeLimit(limitMs: number): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    let timer: NodeJS.Timeout | undefined;
    return dispatch(options, {
      onRequestStart(controller, context) {
        clearTimeout(timer);
        timer = setTimeout(() => {
          controller.abort(new TimeUpError("timeoutSeconds", limitMs));
        }, limitMs);
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...upgrade) => handler.onRequestUpgrade?.(...upgrade),
      onResponseStart: (...start) => handler.onResponseStart?.(...start),
      onResponseData: (...data) => handler.onResponseData?.(...data),
      onResponseEnd(...end) {
        clearTimeout(timer);
        handler.onResponseEnd?.(...end);
      },
      onResponseError(...failure) {
        clearTimeout(timer);
        handler.onResponseError?.(...failure);
      },
    });
  };
}

/** The time that an operation has left for all its attempts and pauses. */
export interface Deadline {
  /** Aborts when the time is up. */
  readonly signal: AbortSignal;
  leftMs: () => number;
  /** Stops the clock; call it when the operation has ended. */
  end: () => void;
}

/** Starts the time of an operation. It is never shorter than what one attempt may take. */
export function startDeadline(settings: {
  timeoutSeconds: number;
  deadlineSeconds: number;
}): Deadline {
  const limitMs = Math.max(settings.timeoutSeconds, settings.deadlineSeconds) * 1000;
  const endsAt = performance.now() + limitMs;
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort(new TimeUpError("deadlineSeconds", limitMs));
  }, limitMs);
  return {
    signal: stop.signal,
    leftMs: () => endsAt - performance.now(),
    end: () => {
      clearTimeout(timer);
    },
  };
}
