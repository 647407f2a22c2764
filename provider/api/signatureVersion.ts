import { ApiError, isRejected, ShapeError } from "./errors";
import type { Signable } from "./sign";

/** The versions that `auto` chooses between. */
export type SignatureVersion = "v4" | "v2";

type Request = Pick<Signable, "method" | "path">;

/**
 * Whether an answer to V4 may be about the signature's version. No source says what a service without V4 answers to it: a
 * read is tried with V2 after every refusal and every foreign answer. A write is tried again only after what certainly
 * refused it: the pair, the request's form, or what isn't implemented.
 */
export function mayBeVersion(call: Request, error: unknown): error is ApiError | ShapeError {
  if (call.method === "GET" && error instanceof ShapeError) return !error.isGiant;
  if (!(error instanceof ApiError) || error.code === "RequestTimeTooSkewed") return false;
  if (call.method !== "GET") return [400, 501].includes(error.status) || isOfSignature(error);
  // A redirect leads elsewhere, 409 is about what was read, and 429 asks for fewer requests.
  const isOther = (error.status >= 300 && error.status < 400) || [409, 429].includes(error.status);
  return !isOther && !isAbsence(call, error);
}

/** Whether the service says that there is no such user or bucket: it read a request that it accepted. */
function isAbsence({ path }: Request, { status, code }: ApiError): boolean {
  const expected = path.startsWith("/?") ? "NoSuchUser" : "NoSuchBucket";
  return status === 404 && code === expected;
}

/** Whether a refusal is of who signs, or how: a bare 401 or 403, or a complaint about its form. */
function isOfSignature(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.code === "RequestTimeTooSkewed") return false;
  const isOfForm = /authorization|invalidrequest|signature/i.test(error.code);
  return isRejected(error) || (error.status === 400 && isOfForm);
}

/** Which of two failures to report, with the other one in its message. */
export function moreTelling(v4: ApiError | ShapeError, v2: unknown): unknown {
  if (!(v2 instanceof ApiError || v2 instanceof ShapeError)) return v2;
  const isV4 = v2 instanceof ShapeError || outweighs(v4, v2);
  const [told, other, version] = isV4 ? ([v4, v2, "V2"] as const) : ([v2, v4, "V4"] as const);
  told.message += `; signed with ${version}: ${briefly(other)} (signatureVersion auto)`;
  return told;
}

/** Whether the refusal of V4 says more than that of V2. Anything but a refused signature is V2's own answer. */
function outweighs(v4: ApiError | ShapeError, v2: ApiError): boolean {
  if (!isOfSignature(v2)) return false;
  // No service that accepts V4 answers a read with one of these; V2's refusal is then about the pair.
  if (v4 instanceof ShapeError || [405, 411, 501].includes(v4.status)) return false;
  return !isOfSignature(v4) || (isTelling(v4) && !isTelling(v2));
}

/** Whether a refusal names the pair's fault, so that it helps more than "unsupported version". */
function isTelling({ code }: ApiError): boolean {
  return ["SignatureDoesNotMatch", "InvalidAccessKeyId", "AccessDenied"].includes(code);
}

function briefly(error: ApiError | ShapeError): string {
  return error instanceof ApiError
    ? `${error.status} ${error.code}`.trim()
    : "an answer that is not one of an ostor service";
}
