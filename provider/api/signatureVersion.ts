import { ApiError, isRejected, ShapeError } from "./errors";
import { foreignAnswerInBrief, otherVersionFailed } from "./messages";
import type { Signable } from "./sign";

/** The versions that `auto` chooses between. */
export type SignatureVersion = "v4" | "v2";

type Request = Pick<Signable, "method" | "path">;

/**
 * Whether V4 may have failed because the service accepts only V2. No source documents what such a service answers, so a read
 * is retried with V2 after each refusal and each unexpected answer. A write is retried only if the service certainly refused
 * it: because of the key, the form of the request, or a missing implementation.
 */
export function mayBeVersion(call: Request, error: unknown): error is ApiError | ShapeError {
  if (call.method === "GET" && error instanceof ShapeError) return !error.isTooLarge;
  if (!(error instanceof ApiError) || error.code === "RequestTimeTooSkewed") return false;
  if (call.method !== "GET") return [400, 501].includes(error.status) || isOfSignature(error);
  // A redirect names another server, 409 is a conflict, and 429 asks for fewer requests.
  const isOther = (error.status >= 300 && error.status < 400) || [409, 429].includes(error.status);
  return !isOther && !isAbsence(call, error);
}

/** Whether the service accepted the signature, but the user or bucket does not exist. */
function isAbsence({ path }: Request, { status, code }: ApiError): boolean {
  const expected = path.startsWith("/?") ? "NoSuchUser" : "NoSuchBucket";
  return status === 404 && code === expected;
}

/** Whether the service refused the key or the form of the signature: 401, 403, or a code about the form. */
function isOfSignature(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.code === "RequestTimeTooSkewed") return false;
  const isOfForm = /authorization|invalidrequest|signature/i.test(error.code);
  return isRejected(error) || (error.status === 400 && isOfForm);
}

/** The one of two failures to report, with the other one in its message. */
export function failureToReport(v4: ApiError | ShapeError, v2: unknown): unknown {
  if (!(v2 instanceof ApiError || v2 instanceof ShapeError)) return v2;
  const isV4 = v2 instanceof ShapeError || outweighs(v4, v2);
  const [failure, other, version] = isV4 ? ([v4, v2, "V2"] as const) : ([v2, v4, "V4"] as const);
  failure.message += otherVersionFailed(version, briefly(other));
  return failure;
}

/** Whether the failure of V4 is more useful than that of V2. If V2 did not fail because of its signature, the service accepts it. */
function outweighs(v4: ApiError | ShapeError, v2: ApiError): boolean {
  if (!isOfSignature(v2)) return false;
  // A service that accepts V4 does not answer a read like this, so V2 failed because of the key.
  if (v4 instanceof ShapeError || [405, 411, 501].includes(v4.status)) return false;
  return !isOfSignature(v4) || (isSpecific(v4) && !isSpecific(v2));
}

/** Whether a refusal names what is wrong with the key. */
function isSpecific({ code }: ApiError): boolean {
  return ["SignatureDoesNotMatch", "InvalidAccessKeyId", "AccessDenied"].includes(code);
}

function briefly(error: ApiError | ShapeError): string {
  return error instanceof ApiError
    ? `${error.status} ${error.code}`.trim()
    : foreignAnswerInBrief();
}
