import { ApiError, isRejected, isTransient, NetworkError } from "../../provider/api/errors";
import { explained } from "../../provider/api/explain";
import { proxyFix } from "../../provider/api/fixMessages";
import type { Settings } from "../../provider/settings/settings";
import { textOf } from "../../provider/text/message";
import {
  checkAnsweringEndpoint,
  checkCredentials,
  checkEndpoint,
  serviceProblem,
  setClock,
  setRedirectTarget,
  tooManyRequests,
  tryAgain,
  type Problem,
} from "./messages";
import { changeOfSetting, type Sources } from "./sources";

/** Whether the service refused a request because the clocks differ. */
export function isClockRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.code === "RequestTimeTooSkewed";
}

/** A failed request as a run reports it, with the fix for the place where the settings come from. */
export function problemOf(
  error: unknown,
  fix: string,
  settings: Settings,
  text = textOf(error),
): Problem {
  return { code: explained(error, settings).code || "internal-error", text, fix };
}

/** The commands that set the credentials. */
export function changeOfCredentials(sources: Sources): string {
  const names = ["accessKeyId", "secretAccessKey"] as const;
  return names.map((name) => changeOfSetting(sources, name)).join(" and ");
}

/**
 * What fixes a failed request, one hint for each cause.
 *
 * @param otherwise - for an answer that is not one of this service
 */
export function fixFor(
  error: unknown,
  { endpoint }: Settings,
  sources: Sources,
  otherwise = checkAnsweringEndpoint(changeOfSetting(sources, "endpoint")),
): string {
  if (isClockRefusal(error)) return setClock;
  if (isRejected(error)) return checkCredentials(changeOfCredentials(sources));
  if (error instanceof NetworkError) {
    if (error.proxy) return proxyFix(error.proxy, endpoint);
    return error.failure === "unreachable"
      ? checkEndpoint(changeOfSetting(sources, "endpoint"))
      : tryAgain;
  }
  if (!(error instanceof ApiError)) return otherwise;
  const { redirect = "", status } = error;
  if (redirect !== "" && redirect !== endpoint) {
    return setRedirectTarget(changeOfSetting(sources, "endpoint", redirect));
  }
  if (status === 429) return tooManyRequests;
  return status >= 500 && status !== 501 && isTransient(error) ? serviceProblem : otherwise;
}
