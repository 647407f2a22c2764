import type { SignatureVersion } from "../assumptions";
import { ServiceError } from "../errors";
import { parameter, type ServiceRequest } from "../http/request";
import type { SignedWithV4 } from "./signatureV4";

interface ClaimBase {
  readonly accessKeyId: string;
  readonly signature: string;
  /** In seconds since 1970 (V2) or since the date of the request (V4). Only in presigned addresses. */
  readonly expires?: number;
}

/** The access key id and signature of a request, before they are checked. */
export type Claim =
  | (ClaimBase & { readonly version: "v2" })
  | (ClaimBase & { readonly version: "v4"; readonly signed: SignedWithV4 });

/** The signature version of a request; undefined if it is unsigned. */
export function claimedVersion(request: ServiceRequest): SignatureVersion | undefined {
  const authorization = request.headers.get("authorization");
  if (authorization?.startsWith("AWS ")) return "v2";
  if (authorization?.startsWith("AWS4-HMAC-SHA256")) return "v4";
  if (authorization !== undefined) return undefined;
  if (parameter(request, "X-Amz-Algorithm") === "AWS4-HMAC-SHA256") return "v4";
  return parameter(request, "Signature") === undefined ? undefined : "v2";
}

/**
 * Reads the signature from the header or the query.
 *
 * @throws ServiceError AccessDenied for an unsigned request, InvalidArgument for an invalid signature
 */
export function readClaim(request: ServiceRequest): Claim {
  const version = claimedVersion(request);
  const authorization = request.headers.get("authorization");
  if (version === "v2") {
    return authorization === undefined ? presignedV2(request) : headerV2(authorization);
  }
  if (version === "v4") {
    return authorization === undefined ? presignedV4(request) : headerV4(request, authorization);
  }
  if (authorization === undefined)
    throw new ServiceError("AccessDenied", "The request is unsigned");
  throw invalid("it is neither Signature Version 2 nor 4");
}

function headerV2(authorization: string): Claim {
  const match = /^AWS ([^\s:]+):(\S+)$/.exec(authorization);
  if (!match) throw invalid("a Version 2 signature has the form `AWS <access key id>:<signature>`");
  return { version: "v2", accessKeyId: match[1] ?? "", signature: match[2] ?? "" };
}

function presignedV2(request: ServiceRequest): Claim {
  return {
    version: "v2",
    accessKeyId: parameter(request, "AWSAccessKeyId") ?? "",
    signature: parameter(request, "Signature") ?? "",
    expires: seconds(parameter(request, "Expires")),
  };
}

function headerV4(request: ServiceRequest, authorization: string): Claim {
  const field = (name: string) => new RegExp(`${name}=([^,\\s]+)`).exec(authorization)?.[1] ?? "";
  const date = request.headers.get("x-amz-date") ?? "";
  // Amazon requires the header. Clients that omit it sign the hash too.
  const payloadHash = request.headers.get("x-amz-content-sha256");
  return claimV4(
    field("Credential"),
    field("SignedHeaders"),
    field("Signature"),
    date,
    payloadHash,
  );
}

function presignedV4(request: ServiceRequest): Claim {
  const field = (name: string) => parameter(request, `X-Amz-${name}`) ?? "";
  const expires = seconds(field("Expires"));
  const claim = claimV4(
    field("Credential"),
    field("SignedHeaders"),
    field("Signature"),
    field("Date"),
    request.headers.get("x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD",
  );
  return { ...claim, expires };
}

function claimV4(
  credential: string,
  headers: string,
  signature: string,
  date: string,
  payloadHash: string | undefined,
): Claim {
  const [accessKeyId = "", day = "", region = "", service = "", end] = credential.split("/");
  if (end !== "aws4_request") throw invalid("the credential has no scope");
  if (service !== "s3") throw invalid("the scope names a service other than s3");
  if (date.slice(0, 8) !== day) throw invalid("the scope and the request have different days");
  const signedHeaders = headers.split(";");
  if (!signedHeaders.includes("host")) throw invalid("the host header must be signed");
  // A long header named a thousand times would make the canonical request many megabytes long.
  if (new Set(signedHeaders).size < signedHeaders.length) throw invalid("a header is signed twice");
  const signed = { scope: { day, region, service }, date, signedHeaders, payloadHash };
  return { version: "v4", accessKeyId, signature, signed };
}

function seconds(text: string | undefined): number {
  if (text === undefined || !/^\d{1,12}$/.test(text)) throw invalid("Expires is not a number");
  return Number(text);
}

function invalid(reason: string): ServiceError {
  return new ServiceError("InvalidArgument", `The signature is invalid: ${reason}`);
}
