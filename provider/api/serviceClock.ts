import type { RawAnswer } from "./transport";

/** The service's time: this machine's clock plus the offset that the service's answers show. */
export interface ServiceClock {
  /** @param offsetMs - used instead of the stored offset */
  now(offsetMs?: number): number;
  /**
   * The offset for a retry after a refusal that may be due to the clock; undefined if it is not, or if the stored offset is
   * as good.
   */
  offsetAfter(answer: RawAnswer, code: string): number | undefined;
  /** Stores an offset for all later requests. */
  keep(offsetMs: number): void;
}

/** Amazon's limit is 15 minutes: with a smaller difference the refusal has another reason. */
const bareRefusalMs = 5 * 60_000;

/** The `Date` header has whole seconds, and an answer needs time to arrive. */
const resolutionMs = 5_000;

/** A signature dated further ahead stays valid as long, and someone may have recorded it. */
const longestMs = 24 * 60 * 60_000;

/** Starts with this machine's clock, which is usually right. */
export function createServiceClock(now: () => number): ServiceClock {
  let storedMs = 0;
  return {
    now: (offsetMs = storedMs) => now() + offsetMs,
    offsetAfter({ status, headers }, code) {
      const servicesMs = Date.parse(headers["date"] ?? "");
      if (Number.isNaN(servicesMs)) return undefined;
      const offsetMs = servicesMs - now();
      const isClock = code === "RequestTimeTooSkewed";
      const isBare = (status === 401 || status === 403) && code !== "InvalidAccessKeyId";
      const toleranceMs = isClock ? resolutionMs : bareRefusalMs;
      if (!isClock && !isBare) return undefined;
      if (Math.abs(offsetMs - storedMs) <= toleranceMs || Math.abs(offsetMs) > longestMs) {
        return undefined;
      }
      return offsetMs;
    },
    keep(offsetMs) {
      storedMs = offsetMs;
    },
  };
}
