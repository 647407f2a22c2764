import type { RawAnswer } from "../../provider/api/transport";
import { failed, ok, warning, type Finding } from "./finding";
import { clockDiffers, clockUnknown, sameClock, span } from "./messages";

/** Up to the first a difference is not reported, up to the second the service accepts it, up to the third the provider corrects it. */
const [reportedMs, acceptedMs, correctedMs] = [60_000, 15 * 60_000, 24 * 60 * 60_000];

/** Compares this machine's clock with the date of an answer. */
export function checkClock({ headers }: RawAnswer, nowMs: number): Finding {
  const serviceMs = Date.parse(headers["date"] ?? "");
  if (Number.isNaN(serviceMs)) return warning("clock", clockUnknown());
  const differenceMs = nowMs - serviceMs;
  const sizeMs = Math.abs(differenceMs);
  if (sizeMs <= reportedMs) return ok("clock", sameClock);
  const isCorrected = sizeMs > acceptedMs && sizeMs <= correctedMs;
  const problem = clockDiffers(span(Math.round(sizeMs / 60_000)), differenceMs > 0, isCorrected);
  return sizeMs <= correctedMs ? warning("clock", problem) : failed("clock", problem);
}
