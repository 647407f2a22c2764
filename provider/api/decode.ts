import type { z } from "zod";
import { oneLine, ShapeError, type Attempt } from "./errors";
import type { RawAnswer } from "./transport";

/**
 * Reads an answer's body as JSON of a shape.
 *
 * @throws ShapeError naming the first path that doesn't fit; never a value, which might be a secret
 */
export function decode<T>(attempt: Attempt, answer: RawAnswer, shape: z.ZodType<T>): T {
  const requestId = oneLine(answer.headers["x-amz-request-id"] ?? "");
  const fail = (problem: string) => new ShapeError(attempt, problem, requestId);
  let json: unknown;
  try {
    json = JSON.parse(answer.body);
  } catch {
    throw fail(
      answer.body.trim() === "" ? "it is empty" : `it is no JSON (${contentType(answer)})`,
    );
  }
  const result = shape.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.join(".") ?? "";
  throw fail(`${path === "" ? "the body" : path}: ${issue?.message ?? "unexpected"}`);
}

function contentType(answer: RawAnswer): string {
  return oneLine(answer.headers["content-type"] ?? "no content type");
}
