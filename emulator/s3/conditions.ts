import { parseRequestDate } from "../auth/dates";
import type { ObjectVersion } from "../bucketTable";
import { ServiceError } from "../errors";

type Headers = ReadonlyMap<string, string>;
type Dated = Pick<ObjectVersion, "etag" | "modifiedMs">;

/** Whether two ETags are equal. Clients may omit the quotes. */
export function isSameEtag(a: string, b: string): boolean {
  return bareEtag(a) === bareEtag(b);
}

/**
 * Checks `If-Match` and the other conditions of a read in the order of RFC 9110.
 *
 * @param prefix - prefix of the header names: `x-amz-copy-source-` for the source of a copy
 * @returns "unchanged" if the client already has the object
 * @throws ServiceError PreconditionFailed
 */
export function checkReadConditions(
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

/** Checks `If-Match` and `If-None-Match` of a write. @throws ServiceError PreconditionFailed, NoSuchKey */
export function checkWriteConditions(headers: Headers, present: Dated | undefined): void {
  const [match, noneMatch] = [headers.get("if-match"), headers.get("if-none-match")];
  if (match !== undefined && present === undefined) {
    throw new ServiceError("NoSuchKey", "If-Match names an object that does not exist");
  }
  if (present === undefined) return;
  if (match !== undefined && !namesEtag(match, present.etag)) throw preconditionFailed();
  if (noneMatch !== undefined && namesEtag(noneMatch, present.etag)) throw preconditionFailed();
}

/** Whether `If-Range` allows to send a range. A weak ETag does not. */
export function allowsRange(headers: Headers, object: Dated): boolean {
  const condition = headers.get("if-range")?.trim();
  if (condition === undefined) return true;
  const date = parseRequestDate(condition);
  if (date !== undefined) return date === seconds(object.modifiedMs);
  return !condition.startsWith("W/") && isSameEtag(condition, object.etag);
}

/** The error for a failed condition. */
export function preconditionFailed(): ServiceError {
  return new ServiceError("PreconditionFailed", "A condition of the request failed");
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

/** Returns undefined without a valid date. */
function wasChangedSince({ modifiedMs }: Dated, date: string | undefined): boolean | undefined {
  const since = date === undefined ? undefined : parseRequestDate(date.trim());
  return since === undefined ? undefined : seconds(modifiedMs) > since;
}

/** Rounds down to seconds, because headers have no milliseconds. */
function seconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
