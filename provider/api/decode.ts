import type { z } from "zod";
import { ShapeError, type Attempt } from "./errors";
import { problems } from "./messages";
import { oneLine } from "../text/plain";
import type { RawAnswer } from "./transport";

/** A list of 360,000 users with two access keys each has about 6 million. */
const maxParts = 8_000_000;

/**
 * Reads the body of an answer as JSON of a shape.
 *
 * @throws ShapeError that names the first path that does not match; never a value, which may be a secret
 */
export function decode<T>(attempt: Attempt, answer: RawAnswer, shape: z.ZodType<T>): T {
  const requestId = oneLine(answer.headers["x-amz-request-id"] ?? "");
  const fail = (problem: string, isTooLarge = false) =>
    new ShapeError(attempt, problem, requestId, isTooLarge);
  // Parsing cannot be interrupted, and takes minutes for a body of empty objects.
  if (partsOf(answer.body) > maxParts) {
    throw fail(problems.tooManyParts(maxParts), true);
  }
  let json: unknown;
  try {
    json = JSON.parse(answer.body);
  } catch {
    const type = answer.headers["content-type"] ?? "";
    throw fail(answer.body.trim() === "" ? problems.empty() : problems.noJson(type));
  }
  const result = shape.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues.map(deepest);
  throw fail(problems.wrongShape(issue?.path.join(".") ?? "", issue?.message ?? ""));
}

/** An upper bound for the number of objects, lists and items in a JSON text. */
function partsOf(body: string): number {
  let parts = 0;
  for (let index = 0; index < body.length; index += 1) {
    const letter = body.charCodeAt(index);
    if (letter === openBrace || letter === openBracket || letter === comma) parts += 1;
  }
  return parts;
}

const [openBrace, openBracket, comma] = [0x7b, 0x5b, 0x2c];

/** The problem with the shape that matches best, where several are allowed. */
function deepest(issue: z.core.$ZodIssue): Pick<z.core.$ZodIssue, "path" | "message"> {
  if (issue.code !== "invalid_union") return issue;
  const branches = issue.errors.flatMap(([first]) => (first ? [deepest(first)] : []));
  const [best] = branches.sort((a, b) => b.path.length - a.path.length);
  return best ? { path: [...issue.path, ...best.path], message: best.message } : issue;
}
