import assert from "node:assert/strict";
import { explain } from "../../provider/api/explain";
import { ApiError, NetworkError, ShapeError } from "../../provider/api/errors";
import type { Settings } from "../../provider/settings/settings";

/** The secret of the administrator in all these tests. */
export const canary = "CANARY/administrators+secret=";

const mistakes =
  /TypeError|RangeError|SyntaxError|ReferenceError|Cannot (read|convert|set)|is not (a function|iterable|an object)|\[object |undefined is|Maximum call stack|Invalid (array|string) length|\bat .+:\d+:\d+/;

/** Fails unless a text is one line that a person can read, and holds no secret. */
export function assertClear(text: string, secrets: string[] = [canary]): void {
  const shown = JSON.stringify(text.slice(0, 2000));
  assert(text.trim().length > 0, "nothing is said");
  assert.doesNotMatch(text, /[\p{Cc}\p{Surrogate}\p{Bidi_Control}\u2028\u2029]/u, shown);
  assert.doesNotMatch(text, mistakes, shown);
  assert(text.length < 4000, `${text.length} characters: ${shown}`);
  for (const secret of secrets) assert(!text.includes(secret), `holds a secret: ${shown}`);
}

/** Fails unless an error is one of the client's own, and clear when it is explained. */
export function assertExplained(error: unknown, settings: Settings): void {
  const isOwn =
    error instanceof ApiError || error instanceof NetworkError || error instanceof ShapeError;
  assert(isOwn, `not one of the client's errors: ${String(error)}`);
  assertClear(explain(error, settings), [settings.secretAccessKey]);
  // A refusal is clear by itself: a debugger or another program may print it.
  if (error instanceof ApiError) assertClear(error.message, [settings.secretAccessKey]);
}

/** What came of a call. */
export async function outcome<T>(
  work: Promise<T>,
): Promise<{ value: T; error?: never } | { error: unknown }> {
  return work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}
