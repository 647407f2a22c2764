import type { Dispatcher } from "undici";
import { timeUp } from "./messages";

/** The time limit of one attempt, or of the whole operation, was exceeded. */
export class TimeUpError extends Error {
  override readonly name = "TimeUpError";

  constructor(
    readonly setting: "timeoutSeconds" | "deadlineSeconds",
    limitMs: number,
  ) {
    super(timeUp(setting === "timeoutSeconds" ? "timeout" : "deadline", limitMs));
  }
}

/**
 * Limits the time of one attempt, from sending it to the last byte of its answer. undici's own time-outs start again with each
 * byte, so a slow answer would never end. Time spent waiting for a connection does not count.
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

/** The remaining time of an operation with all its attempts and pauses. */
export interface Deadline {
  /** Aborts at the deadline. */
  readonly signal: AbortSignal;
  leftMs: () => number;
  /** Stops the timer; call it when the operation has ended. */
  end: () => void;
}

/** Starts the deadline of an operation. It is never shorter than the limit of one attempt. */
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
