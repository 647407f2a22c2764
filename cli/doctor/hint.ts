import { ApiError, isRejected, isTransient, NetworkError } from "../../provider/api/errors";
import { proxyFix } from "../../provider/api/fixMessages";
import type { Settings } from "../../provider/settings/settings";
import { mendOf, type Sources } from "./sources";

/** Whether a refusal is about a clock that differs. */
export function isAboutClocks(error: unknown): boolean {
  return error instanceof ApiError && error.code === "RequestTimeTooSkewed";
}

/**
 * What fixes a failed request, one hint for each cause.
 *
 * @param otherwise - for an answer that came and is not one of this service
 */
export function hintOf(
  error: unknown,
  { endpoint }: Settings,
  sources: Sources,
  otherwise = `check the endpoint: ${mendOf(sources, "endpoint")}`,
): string {
  if (isAboutClocks(error)) return "set this machine's clock";
  if (isRejected(error)) {
    return `check the credentials: ${mendOf(sources, "accessKeyId")} and ${mendOf(sources, "secretAccessKey")}`;
  }
  if (error instanceof NetworkError) {
    if (error.proxy) return proxyFix(error.proxy, endpoint);
    return error.failure === "unreachable"
      ? `check the endpoint and the way there: ${mendOf(sources, "endpoint")}`
      : "no whole answer came: try again";
  }
  if (!(error instanceof ApiError)) return otherwise;
  const { redirect = "", status } = error;
  if (redirect !== "" && redirect !== endpoint) {
    return `if that is the cluster: ${mendOf(sources, "endpoint", redirect)}`;
  }
  if (status === 429) return "too many requests: try again later";
  return status >= 500 && status !== 501 && isTransient(error)
    ? "the service has a problem: try again later"
    : otherwise;
}
