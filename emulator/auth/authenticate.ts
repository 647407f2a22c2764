import { timingSafeEqual } from "node:crypto";

import { ServiceError } from "../errors";
import type { ServiceRequest } from "../http/request";
import type { Service } from "../service";
import type { User } from "../userTable";
import { refuseChunks } from "./chunks";
import { type Claim, readClaim } from "./claim";
import { parseBasicDate, parseRequestDate } from "./dates";
import { signatureV2, stringsToSignV2 } from "./signatureV2";
import { canonicalRequest, sha256, signatureV4, stringToSignV4 } from "./signatureV4";

/** The user that signed a request, as far as its head proves it. */
export interface Identity {
  /** The user whose secret signed the request, enabled or disabled. */
  readonly user: User;
  /** Whether the signature is verified; false if it covers a hash of the body that is not read yet. */
  readonly isProven: boolean;
  /** @throws ServiceError XAmzContentSHA256Mismatch, or SignatureDoesNotMatch if it was not verified before */
  readonly checkBody: (body: Buffer) => void;
}

/**
 * Finds the user that signed a request, without its body.
 *
 * @throws ServiceError InvalidAccessKeyId, RequestTimeTooSkewed, SignatureDoesNotMatch (with the
 *   string to sign, never a secret), NotImplemented for an upload in chunks
 */
export function authenticate(service: Service, request: ServiceRequest): Identity {
  const claim = readClaim(request);
  checkVersion(service, claim);
  const user = service.users.byAccessKeyId(claim.accessKeyId);
  const key = user?.accessKeys.find(({ accessKeyId }) => accessKeyId === claim.accessKeyId);
  if (user === undefined || key === undefined) {
    throw new ServiceError("InvalidAccessKeyId", "The access key id does not exist");
  }
  checkDate(service, request, claim);
  refuseChunks(request);
  const isProven = claim.version === "v2" || claim.signed.payloadHash !== undefined;
  if (isProven) checkSignature(request, claim, key.secretAccessKey);
  return {
    user,
    isProven,
    checkBody: (body) => {
      if (claim.version === "v2" || claim.signed.payloadHash === "UNSIGNED-PAYLOAD") return;
      const hash = sha256(body);
      if (!isProven) checkSignature(request, withHash(claim, hash), key.secretAccessKey);
      else checkPayload(claim.signed.payloadHash, hash);
    },
  };
}

function withHash(claim: Claim & { version: "v4" }, payloadHash: string): Claim {
  return { ...claim, signed: { ...claim.signed, payloadHash } };
}

function checkVersion(service: Service, claim: Claim): void {
  const { signatureVersions, unsupportedSignatureCode } = service.assumptions;
  if (signatureVersions.includes(claim.version)) return;
  const message = `Signature Version ${claim.version.slice(1)} is not accepted`;
  throw new ServiceError(unsupportedSignatureCode, message);
}

function checkDate(service: Service, request: ServiceRequest, claim: Claim): void {
  const now = service.clock();
  const date = dateOf(request, claim);
  if (date === undefined) {
    throw new ServiceError("AccessDenied", "The request needs a valid Date or x-amz-date header");
  }
  if (claim.expires !== undefined) {
    const end = (claim.version === "v4" ? date : 0) + claim.expires * 1000;
    if (now > end) throw new ServiceError("AccessDenied", "The presigned address has expired");
  } else if (Math.abs(now - date) > service.assumptions.skewSeconds * 1000) {
    const message = "The date of the request is too far from the clock of the service";
    throw new ServiceError("RequestTimeTooSkewed", message);
  }
}

function dateOf(request: ServiceRequest, claim: Claim): number | undefined {
  if (claim.version === "v4") return parseBasicDate(claim.signed.date);
  if (claim.expires !== undefined) return 0;
  return parseRequestDate(
    (request.headers.get("x-amz-date") ?? request.headers.get("date") ?? "").trim(),
  );
}

function checkSignature(request: ServiceRequest, claim: Claim, secretAccessKey: string): void {
  const { accepted, details } = signaturesOf(request, claim, secretAccessKey);
  if (accepted.some((signature) => same(signature, claim.signature))) return;
  const message =
    "The signature differs from the computed one; check the secret and the string to sign";
  throw new ServiceError("SignatureDoesNotMatch", message, undefined, details);
}

function signaturesOf(
  request: ServiceRequest,
  claim: Claim,
  secretAccessKey: string,
): { accepted: string[]; details: Record<string, string> } {
  if (claim.version === "v2") {
    const texts = stringsToSignV2(request);
    const accepted = texts.map((text) => signatureV2(secretAccessKey, text));
    return { accepted, details: { StringToSign: texts[0] ?? "" } };
  }
  const canonical = canonicalRequest(request, claim.signed);
  const stringToSign = stringToSignV4(claim.signed, canonical);
  return {
    accepted: [signatureV4(secretAccessKey, claim.signed.scope, stringToSign)],
    details: { CanonicalRequest: canonical, StringToSign: stringToSign },
  };
}

function checkPayload(signed: string | undefined, hash: string): void {
  if (signed === hash) return;
  throw new ServiceError("XAmzContentSHA256Mismatch", "The body does not have the signed hash");
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
