import { redirects } from "./messages";
import type { RawAnswer } from "./transport";

/** Where a redirect points, for a message, and the origin that may be the endpoint; empty if it is not a web address. */
export interface Redirect {
  message: string;
  target: string;
}

/**
 * Describes a redirect. It is never followed: the signed headers would go to another server.
 *
 * @returns undefined if the answer is not a redirect
 */
export function describeRedirect(
  { status, headers }: RawAnswer,
  endpoint: string,
): Redirect | undefined {
  const location = headers["location"] ?? "";
  if (status < 300 || status > 399 || location === "") return undefined;
  const target = originOf(location, endpoint);
  if (target === undefined) return { message: redirects.nowhere(), target: "" };
  const isSame = target === endpoint;
  return { message: isSame ? redirects.sameOrigin() : redirects.elsewhere(target), target };
}

/** The origin, unless a shell reads it as more than one word: users paste the command. */
function originOf(location: string, base: string): string | undefined {
  const origin = URL.canParse(location, base) ? new URL(location, base).origin : "";
  return /^https?:\/\/[\w.:[\]-]+$/.test(origin) ? origin : undefined;
}
