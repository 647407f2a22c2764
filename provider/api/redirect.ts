import type { Settings } from "../settings/settings";
import { changeOf } from "../settings/names";
import type { RawAnswer } from "./transport";

/**
 * Tells where a redirect points and what to do: it is never followed, for it would carry signed headers
 * elsewhere. Names no path or query, which may hold what was asked for or somebody's token.
 *
 * @returns an empty text for an answer that is no redirect
 */
export function describeRedirect({ status, headers }: RawAnswer, settings: Settings): string {
  const location = headers["location"] ?? "";
  if (status < 300 || status > 399 || location === "") return "";
  const target = originOf(location, settings.endpoint);
  if (target === undefined) return "it redirects to what is no web address; nothing was sent there";
  if (target === settings.endpoint) {
    return "it redirects to another of its paths, which is not followed; is the endpoint an S3 gateway?";
  }
  const command = settings.explicit
    ? `give ostor.Provider the endpoint ${target}`
    : changeOf(settings.origin, "endpoint", target);
  return `it redirects to ${target}, where nothing was sent; if that is the cluster: ${command}`;
}

/** The origin, unless it holds what a shell reads as more than a word: the command is there to be pasted. */
function originOf(location: string, base: string): string | undefined {
  const origin = URL.canParse(location, base) ? new URL(location, base).origin : "";
  return /^https?:\/\/[\w.:[\]-]+$/.test(origin) ? origin : undefined;
}
