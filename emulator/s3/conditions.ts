import { parseRequestDate } from "../auth/dates";
import type { ObjectVersion } from "../bucketTable";
import { ServiceError } from "../errors";

type Headers = ReadonlyMap<string, string>;
type Dated = Pick<ObjectVersion, "etag" | "modifiedMs">;

/** Whether two ETags are one; clients leave out the quotes. */
export function isSameEtag(a: string, b: string): boolean {
  return bareEtag(a) === bareEtag(b);
}

/**
 * Judges `If-Match` and its relatives in the order of RFC 9110.
 *
 * @param prefix - of the names of the headers: `x-amz-copy-source-` for the source of a copy
 * @returns "unchanged" where a reader has the object already
 * @throws ServiceError PreconditionFailed
 */
export function judgeConditions(
  headers: Headers,
  object: Dated,
  prefix = "",
): "unchanged" | undefined {
  const header = (name: string) => headers.get(`${prefix}${name}`);
  const [match, noneMatch] = [header("if-match"), header("if-none-match")];
  const isOlder = (date: string | undefined) => wasChangedSince(object, date) === false;
  if (match !== undefined) {
    if (!namesEtag(match, object.etag)) throw preconditionFailed();
  } else if (wasChangedSince(object, header("if-unmodified-since"))) {
    throw preconditionFailed();
  }
  if (noneMatch !== undefined) return namesEtag(noneMatch, object.etag) ? "unchanged" : undefined;
  return isOlder(header("if-modified-since")) ? "unchanged" : undefined;
}

/** Judges `If-Match` and `If-None-Match` of a write. @throws ServiceError PreconditionFailed, NoSuchKey */
export function judgeWrite(headers: Headers, present: Dated | undefined): void {
  const [match, noneMatch] = [headers.get("if-match"), headers.get("if-none-match")];
  if (match !== undefined && present === undefined) {
    throw new ServiceError("NoSuchKey", "If-Match names an object that does not exist");
  }
  if (present === undefined) return;
  if (match !== undefined && !namesEtag(match, present.etag)) throw preconditionFailed();
  if (noneMatch !== undefined && namesEtag(noneMatch, present.etag)) throw preconditionFailed();
}

/** Whether `If-Range`, if there is one, lets a range be sent. A weak ETag never does. */
export function allowsRange(headers: Headers, object: Dated): boolean {
  const condition = headers.get("if-range")?.trim();
  if (condition === undefined) return true;
  const date = parseRequestDate(condition);
  if (date !== undefined) return date === seconds(object.modifiedMs);
  return !condition.startsWith("W/") && isSameEtag(condition, object.etag);
}

/** The error for a condition that doesn't hold. */
export function preconditionFailed(): ServiceError {
  return new ServiceError("PreconditionFailed", "A condition of the request does not hold");
}

function namesEtag(list: string, etag: string): boolean {
  const names = list.split(",").map((name) => name.trim());
  return names.some((name) => name === "*" || isSameEtag(name, etag));
}

function bareEtag(etag: string): string {
  return etag
    .trim()
    .replace(/^W\//, "")
    .replace(/^"(.*)"$/, "$1");
}

/** Undefined without a date, or with one that can't be read. */
function wasChangedSince({ modifiedMs }: Dated, date: string | undefined): boolean | undefined {
  const since = date === undefined ? undefined : parseRequestDate(date.trim());
  return since === undefined ? undefined : seconds(modifiedMs) > since;
}

/** Headers hold no milliseconds. */
function seconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
