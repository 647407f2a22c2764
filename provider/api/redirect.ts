import type { RawAnswer } from "./transport";

/** Where a redirect points, in words, and the origin that could be the endpoint; empty if it is none. */
export interface Redirect {
  told: string;
  target: string;
}

/**
 * Describes a redirect, which is never followed: it would carry signed headers elsewhere. Names no path or query, which
 * may hold what was asked for or someone's token.
 *
 * @returns undefined for an answer that is no redirect
 */
export function describeRedirect(
  { status, headers }: RawAnswer,
  endpoint: string,
): Redirect | undefined {
  const location = headers["location"] ?? "";
  if (status < 300 || status > 399 || location === "") return undefined;
  const target = originOf(location, endpoint);
  if (target === undefined) {
    return { told: "it redirects to what is no web address; nothing was sent there", target: "" };
  }
  if (target === endpoint) {
    const told =
      "it redirects to another of its paths, which is not followed; is the endpoint an S3 gateway?";
    return { told, target };
  }
  return { told: `it redirects to ${target}, where nothing was sent`, target };
}

/** The origin, unless it holds what a shell reads as more than a word: the command is there to be pasted. */
function originOf(location: string, base: string): string | undefined {
  const origin = URL.canParse(location, base) ? new URL(location, base).origin : "";
  return /^https?:\/\/[\w.:[\]-]+$/.test(origin) ? origin : undefined;
}
