import assert from "node:assert/strict";
import { explain } from "../../provider/api/explain";
import { ApiError, NetworkError, ShapeError } from "../../provider/api/errors";
import type { Settings } from "../../provider/settings/settings";

/** The secret of the administrator in all these tests. */
export const canary = "CANARY/administrators+secret=";

const defects =
  /TypeError|RangeError|SyntaxError|ReferenceError|Cannot (read|convert|set)|is not (a function|iterable|an object)|\[object |undefined is|Maximum call stack|Invalid (array|string) length|\bat .+:\d+:\d+/;

/** Fails unless a text is one readable line without a secret. */
export function assertClear(text: string, secrets: string[] = [canary]): void {
  const shown = JSON.stringify(text.slice(0, 2000));
  assert(text.trim().length > 0, "the text is empty");
  assert.doesNotMatch(text, /[\p{Cc}\p{Surrogate}\p{Bidi_Control}\u2028\u2029]/u, shown);
  assert.doesNotMatch(text, defects, shown);
  assert(text.length < 4000, `${text.length} characters: ${shown}`);
  for (const secret of secrets) assert(!text.includes(secret), `contains a secret: ${shown}`);
}

/** Fails unless an error is one of the client's errors with a clear explanation. */
export function assertExplained(error: unknown, settings: Settings): void {
  const isOwn =
    error instanceof ApiError || error instanceof NetworkError || error instanceof ShapeError;
  assert(isOwn, `not one of the client's errors: ${String(error)}`);
  assertClear(explain(error, settings), [settings.secretAccessKey]);
  // The message itself must be clear too, because other programs may print it.
  if (error instanceof ApiError) assertClear(error.message, [settings.secretAccessKey]);
}

/** The result of a call. */
export async function outcome<T>(
  work: Promise<T>,
): Promise<{ value: T; error?: never } | { error: unknown }> {
  return work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}
