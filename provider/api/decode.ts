import type { z } from "zod";
import { ShapeError, type Attempt } from "./errors";
import { oneLine } from "../text/plain";
import type { RawAnswer } from "./transport";

/** A list of 360,000 users with two key pairs each has some 6 million. */
const mostParts = 8_000_000;

/**
 * Reads an answer's body as JSON of a shape.
 *
 * @throws ShapeError naming the first path that doesn't fit; never a value, which might be a secret
 */
export function decode<T>(attempt: Attempt, answer: RawAnswer, shape: z.ZodType<T>): T {
  const requestId = oneLine(answer.headers["x-amz-request-id"] ?? "");
  const fail = (problem: string, isGiant = false) =>
    new ShapeError(attempt, problem, requestId, isGiant);
  // Parsing can't be interrupted, and of nothing but empty objects it takes minutes.
  if (partsOf(answer.body) > mostParts) {
    throw fail(`it has more than ${mostParts} parts`, true);
  }
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
  const [issue] = result.error.issues.map(deepest);
  const path = issue?.path.join(".") ?? "";
  throw fail(`${path === "" ? "the body" : path}: ${issue?.message ?? "unexpected"}`);
}

/** How many objects, lists and items a text of JSON has at the most. */
function partsOf(body: string): number {
  let parts = 0;
  for (let index = 0; index < body.length; index += 1) {
    const letter = body.charCodeAt(index);
    if (letter === openBrace || letter === openBracket || letter === comma) parts += 1;
  }
  return parts;
}

const [openBrace, openBracket, comma] = [0x7b, 0x5b, 0x2c];

/** Of an answer that may have several shapes, the problem with the one that fits best. */
function deepest(issue: z.core.$ZodIssue): Pick<z.core.$ZodIssue, "path" | "message"> {
  if (issue.code !== "invalid_union") return issue;
  const branches = issue.errors.flatMap(([first]) => (first ? [deepest(first)] : []));
  const [best] = branches.sort((a, b) => b.path.length - a.path.length);
  return best ? { path: [...issue.path, ...best.path], message: best.message } : issue;
}

function contentType(answer: RawAnswer): string {
  return oneLine(answer.headers["content-type"] ?? "no content type");
}
