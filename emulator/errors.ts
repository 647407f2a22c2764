/**
 * Status of each error code. The vendor's guides only refer to Amazon's list of S3 errors. The codes
 * of users and keys do not exist in S3 and are assumed.
 */
const statuses = {
  AccessDenied: 403,
  BadDigest: 400,
  BucketAlreadyExists: 409,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidPart: 400,
  InvalidPartNumber: 416,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidURI: 400,
  KeyLimitExceeded: 409,
  KeyTooLongError: 400,
  LastKey: 409,
  MalformedJSON: 400,
  MalformedXML: 400,
  MaxMessageLengthExceeded: 400,
  MethodNotAllowed: 405,
  NoSuchAccessKey: 404,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NoSuchUser: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  SlowDown: 503,
  TooManyRequests: 429,
  UserAlreadyExists: 409,
  UserDisabled: 409,
  UserHasBuckets: 409,
  XAmzContentSHA256Mismatch: 400,
} as const;

/** An error code of the service. */
export type ErrorCode = keyof typeof statuses;

export const errorCodes = Object.keys(statuses);

/** An error of the service: the response to a request, or thrown by a method of `cluster`. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";

  /**
   * @param status - HTTP status; defaults to that of the code
   * @param details - more elements of the error body, such as the string to sign; never a secret
   * @param headers - more headers of the response
   */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly status: number = statuses[code],
    readonly details: Readonly<Record<string, string>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** A code for a status, for faults without a code. */
export function codeForStatus(status: number): string {
  const common: Record<number, ErrorCode> = {
    400: "InvalidRequest",
    403: "AccessDenied",
    404: "NoSuchUser",
    429: "TooManyRequests",
    503: "ServiceUnavailable",
  };
  return common[status] ?? "InternalError";
}

/** Whether a number can be the status of a final response. */
export function isStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 200 && status <= 599;
}
