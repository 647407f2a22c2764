import type { RawAnswer } from "./transport";

/** The time as the service sees it: this machine's clock and the offset that the service's answers showed. */
export interface ServiceClock {
  /** @param offsetMs - instead of the one kept */
  now(offsetMs?: number): number;
  /**
   * The offset to sign with instead when a refusal smells of clocks that differ; undefined when it doesn't, or
   * when the present offset is as good.
   */
  offsetAfter(answer: RawAnswer, code: string): number | undefined;
  /** Takes an offset over for all that follows. */
  keep(offsetMs: number): void;
}

/** Amazon's limit is 15 minutes; what differs less than this is refused for another reason. */
const bareRefusalMs = 5 * 60_000;

/** The `Date` header has whole seconds, and an answer takes its time. */
const resolutionMs = 5_000;

/** A signature that is dated further ahead could be used by whoever recorded it, for as long. */
const longestMs = 24 * 60 * 60_000;

/** Starts with this machine's clock, which most often is right. */
export function createServiceClock(now: () => number): ServiceClock {
  let keptMs = 0;
  return {
    now: (offsetMs = keptMs) => now() + offsetMs,
    offsetAfter({ status, headers }, code) {
      const servicesMs = Date.parse(headers["date"] ?? "");
      if (Number.isNaN(servicesMs)) return undefined;
      const offsetMs = servicesMs - now();
      const isTold = code === "RequestTimeTooSkewed";
      const isBare = (status === 401 || status === 403) && code !== "InvalidAccessKeyId";
      const toleranceMs = isTold ? resolutionMs : bareRefusalMs;
      if (!isTold && !isBare) return undefined;
      if (Math.abs(offsetMs - keptMs) <= toleranceMs || Math.abs(offsetMs) > longestMs) {
        return undefined;
      }
      return offsetMs;
    },
    keep(offsetMs) {
      keptMs = offsetMs;
    },
  };
}
