import type { ErrorCode } from "./errors";

/**
 * What the emulator does where no guide says what the service does, or where two guides disagree.
 * Each one is a switch, so that a client can be tried against every likely service.
 */
export interface Assumptions {
  /** How far, in seconds, the date of a request may be from the clock. Default 900 (assumed). */
  skewSeconds: number;
  /** Signature versions that are accepted. Default both (vendor guide: 2 or 4). */
  signatureVersions: readonly SignatureVersion[];
  /** Whether system users can be disabled, deleted and given keys like others. Default false (assumed). */
  systemUsersChangeable: boolean;
  /** Code of the refusal of a version that isn't accepted. Default SignatureDoesNotMatch (assumed). */
  unsupportedSignatureCode: ErrorCode;
  /** Status of a management call by somebody who isn't a system user. Default 403 (assumed). */
  nonSystemStatus: number;
  /** Whether the list of users holds the system user. Default true (assumed). */
  systemUserListed: boolean;
  /**
   * Status of creating a user who exists. Default 409 (assumed). With 200 the existing user is
   * answered, pairs included, and nothing changes.
   */
  existingUserStatus: number;
  /** Whether addresses that differ in case alone are one; folded to lower case. Default false (assumed). */
  foldAddressCase: boolean;
  /** Whether an address needs an `@` and no blank or control character. Default true (assumed). */
  checkAddresses: boolean;
  /** Whether a bare `+` in the query of a management call means a space. Default false: a public client sent addresses so for years. */
  plusIsSpace: boolean;
  /** Status of a third key pair. Default 409 (assumed; the limit of two is documented). */
  thirdKeyStatus: number;
  /** Status of revoking a key that the user doesn't have. Default 404 (assumed). */
  unknownKeyStatus: number;
  /** Whether the last pair may be revoked. Default true (command line tools list users without one). */
  lastKeyRevocable: boolean;
  /** Status of revoking a last pair that stays. Default 409 (assumed). */
  lastKeyStatus: number;
  /** Whether keys of a disabled user can be made and revoked. Default true (assumed). */
  keysInDisabledUser: boolean;
  /** genKey answers with the new pair, or with all pairs: guides show both. Default "new". */
  genKeyReply: "new" | "all";
  /** Whether POST takes `genKey` and `revokeKey`, as all but releases 2.x do. Default true. */
  keysByPost: boolean;
  /** Whether PUT also takes `genKey` and `revokeKey`, as releases 2.x did. Default false. */
  keysByPut: boolean;
  /** Whether PUT creates a user whatever else it asks for, keys too. Default false: a wrong set is a 400 (reference). */
  putIgnoresKeys: boolean;
  /** Status of a successful revocation. Default 200 (assumed). */
  revokeStatus: number;
  /** Status of a successful enable or disable. Default 200 (assumed). */
  enableDisableStatus: number;
  /** Status of enabling who is enabled, or disabling who is disabled. Default 200 (assumed). */
  sameStateStatus: number;
  /** Status of a change to a user who isn't there. Default 404 (assumed; documented for reading). */
  missingUserStatus: number;
  /** Status of an S3 call of a disabled user. Default 403 (assumed). */
  disabledUserStatus: number;
  /** Status of a successful deletion of a user. Default 204 (text of the reference; its samples say 203). */
  deleteStatus: number;
  /** Status of deleting a user who owns buckets. Default 409 (assumed; the refusal is documented). */
  userWithBucketsStatus: number;
  /** A bare array, or `{"Users": […]}`: guides and live systems differ. Default "array". */
  listShape: "array" | "object";
  /** Whether the list shows key pairs, as releases 2.x did. Default false. */
  listKeys: boolean;
  /** Whether the list shows `State` and `OwnerId`, where `statesShown` does. Default true (vendor guide 3.2.2). */
  listedStates: boolean;
  /** Whether the list shows `Flags` too, where it shows states. Default false (vendor guide 3.2.2; later releases do). */
  listedFlags: boolean;
  /** Whether users are shown with `State`, `OwnerId` and `Flags`; references 2.x don't. Default true. */
  statesShown: boolean;
  /** The word in `Flags` that marks the system user. Default "system" (assumed). */
  systemFlag: string;
  /** Whether the answer for one user holds `AccountCount` and `Accounts`. Default false. */
  accountFields: boolean;
  /** Whether secrets can be read after they were made. Default true (vendor guide 3.2.3). */
  secretsReadable: boolean;
  /** Whether a missing bucket or owner is an empty list of buckets and not a 404. Default false (assumed). */
  missingIsEmptyList: boolean;
  /**
   * Whether the system user may list and delete other people's buckets. Default true (vendor guide 3.2.6); the S3
   * guides of other releases say that the owner alone may.
   */
  systemUserDeletesBuckets: boolean;
  /** Whether bucket names may hold `_`, as up to release 6.2. Default false. */
  underscoreInBucketNames: boolean;
  /**
   * Where a management error stands: "xml" in headers and an XML body (default, assumed), "json" in
   * a JSON body alone, "headers" in headers alone, "none" nowhere: the bare status. Errors of the S3 side are always XML.
   */
  errorFormat: ErrorFormat;
  /** Status of a service token nobody knows. Default 400 (assumed). */
  unknownServiceStatus: number;
  /** Whether there is the service `ostor-buckets`, which references 2.0 and 7.0.5 don't have. Default true. */
  bucketsServed: boolean;
  /** For how long, in ms of `clock`, management reads miss a write. Default 0 (assumed). */
  lagMs: number;
}

/** The two ways to sign a request. */
export type SignatureVersion = "v2" | "v4";

/** Where an error stands in an answer. */
export type ErrorFormat = "xml" | "json" | "headers" | "none";

/** What holds when an option is left out. */
export const defaultAssumptions: Assumptions = {
  skewSeconds: 900,
  signatureVersions: ["v2", "v4"],
  systemUsersChangeable: false,
  unsupportedSignatureCode: "SignatureDoesNotMatch",
  nonSystemStatus: 403,
  systemUserListed: true,
  existingUserStatus: 409,
  foldAddressCase: false,
  checkAddresses: true,
  plusIsSpace: false,
  thirdKeyStatus: 409,
  unknownKeyStatus: 404,
  lastKeyRevocable: true,
  lastKeyStatus: 409,
  keysInDisabledUser: true,
  genKeyReply: "new",
  keysByPost: true,
  keysByPut: false,
  putIgnoresKeys: false,
  revokeStatus: 200,
  enableDisableStatus: 200,
  sameStateStatus: 200,
  missingUserStatus: 404,
  disabledUserStatus: 403,
  deleteStatus: 204,
  userWithBucketsStatus: 409,
  listShape: "array",
  listKeys: false,
  listedStates: true,
  listedFlags: false,
  statesShown: true,
  systemFlag: "system",
  accountFields: false,
  secretsReadable: true,
  missingIsEmptyList: false,
  systemUserDeletesBuckets: true,
  underscoreInBucketNames: false,
  errorFormat: "xml",
  unknownServiceStatus: 400,
  bucketsServed: true,
  lagMs: 0,
};
