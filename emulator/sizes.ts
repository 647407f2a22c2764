const hourMs = 3_600_000;

/** Sizes of a bucket in the terms of the management API. */
export interface BucketSize {
  /** Bytes now. */
  readonly current: number;
  /** Largest number of bytes so far. The time window of the service is not documented. */
  readonly hmax: number;
  /** Byte-hours up to the time of the request. */
  readonly h_integral: number;
  /** Hours since 1970 at the last change of size. */
  readonly last_ts: number;
}

/** The sizes of a new bucket. */
export function emptySize(nowMs: number): BucketSize {
  return { current: 0, hmax: 0, h_integral: 0, last_ts: Math.floor(nowMs / hourMs) };
}

/** Adds the byte-hours until now. `last_ts` stays, as in the samples of the vendor guide 3.2.9. */
export function sizeAt(size: BucketSize, nowMs: number): BucketSize {
  const hours = Math.floor(nowMs / hourMs) - size.last_ts;
  return { ...size, h_integral: size.h_integral + size.current * Math.max(0, hours) };
}

/** Adds the byte-hours until now, then changes the size. */
export function resized(size: BucketSize, current: number, nowMs: number): BucketSize {
  if (current === size.current) return size;
  return {
    current,
    hmax: Math.max(size.hmax, current),
    h_integral: sizeAt(size, nowMs).h_integral,
    last_ts: Math.floor(nowMs / hourMs),
  };
}
