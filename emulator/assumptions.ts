import type { ErrorCode } from "./errors";

/**
 * What the emulator does where no guide describes the service, or where two guides disagree. Each property can be set,
 * so that a client can be tested against every likely service.
 */
export interface Assumptions {
  /** Largest difference, in seconds, between the date of a request and the clock. Default 900 (assumed). */
  skewSeconds: number;
  /** Accepted signature versions. Default both (vendor guide: 2 or 4). */
  signatureVersions: readonly SignatureVersion[];
  /** Whether system users can be disabled, deleted and given keys like other users. Default false (assumed). */
  systemUsersChangeable: boolean;
  /** Error code for a signature version that is not accepted. Default SignatureDoesNotMatch (assumed). */
  unsupportedSignatureCode: ErrorCode;
  /** Status of a management call that is signed with a tenant's key. Default 403 (assumed). */
  nonSystemStatus: number;
  /** Whether the list of users contains the system user. Default true (assumed). */
  systemUserListed: boolean;
  /**
   * Status of creating a user that exists. Default 409 (assumed). With 200, the response contains the existing user
   * with its access keys, and nothing changes.
   */
  existingUserStatus: number;
  /** Whether addresses are folded to lower case. Default false (assumed). */
  foldAddressCase: boolean;
  /** Whether an address needs an `@` and must not contain spaces or control characters. Default true (assumed). */
  checkAddresses: boolean;
  /** Whether a bare `+` in the query of a management call means a space. Default false, as a public client requires. */
  plusIsSpace: boolean;
  /** Status of a third access key. Default 409 (assumed; the limit of two is documented). */
  thirdKeyStatus: number;
  /** Status of revoking a key that the user does not have. Default 404 (assumed). */
  unknownKeyStatus: number;
  /** Whether the last key can be revoked. Default true (command line tools list users without keys). */
  lastKeyRevocable: boolean;
  /** Status of revoking a last key that cannot be revoked. Default 409 (assumed). */
  lastKeyStatus: number;
  /** Whether keys of a disabled user can be generated and revoked. Default true (assumed). */
  keysInDisabledUser: boolean;
  /** Whether `genKey` returns the new key or all keys. Guides contain both. Default "new". */
  genKeyReply: "new" | "all";
  /** Whether POST accepts `genKey` and `revokeKey`, as all releases except 2.x do. Default true. */
  keysByPost: boolean;
  /** Whether PUT also accepts `genKey` and `revokeKey`, as releases 2.x did. Default false. */
  keysByPut: boolean;
  /** Whether a PUT with `genKey` or `revokeKey` creates a user. Default false: it returns 400 (reference). */
  putIgnoresKeys: boolean;
  /** Status of a successful revocation. Default 200 (assumed). */
  revokeStatus: number;
  /** Status of a successful enable or disable. Default 200 (assumed). */
  enableDisableStatus: number;
  /** Status of enabling an enabled user, or disabling a disabled one. Default 200 (assumed). */
  sameStateStatus: number;
  /** Status of a change to a user that does not exist. Default 404 (assumed; documented for reading). */
  missingUserStatus: number;
  /** Status of an S3 call of a disabled user. Default 403 (assumed). */
  disabledUserStatus: number;
  /** Status of a successful deletion of a user. Default 204 (text of the reference; its samples say 203). */
  deleteStatus: number;
  /** Status of deleting a user that owns buckets. Default 409 (assumed; the refusal is documented). */
  userWithBucketsStatus: number;
  /** Whether a list is an array or `{"Users": […]}`. Guides and live systems differ. Default "array". */
  listShape: "array" | "object";
  /** Whether the list contains access keys, as in releases 2.x. Default false. */
  listKeys: boolean;
  /** Whether the list contains `State` and `OwnerId`, if `statesShown` is set. Default true (vendor guide 3.2.2). */
  listedStates: boolean;
  /**
   * Whether the list contains `Flags` too, if it contains states. Default false (vendor guide 3.2.2), true in later
   * releases.
   */
  listedFlags: boolean;
  /** Whether users have `State`, `OwnerId` and `Flags`. In references 2.x they do not. Default true. */
  statesShown: boolean;
  /** The word in `Flags` that marks the system user. Default "system" (assumed). */
  systemFlag: string;
  /** Whether the response for one user contains `AccountCount` and `Accounts`. Default false. */
  accountFields: boolean;
  /** Whether secrets can be read after the key was generated. Default true (vendor guide 3.2.3). */
  secretsReadable: boolean;
  /** Whether a missing bucket or owner returns an empty list of buckets, not a 404. Default false (assumed). */
  missingIsEmptyList: boolean;
  /**
   * Whether the system user may list and delete buckets of other users. Default true (vendor guide 3.2.6). By the S3
   * guides of other releases, only the owner may.
   */
  systemUserDeletesBuckets: boolean;
  /** Whether bucket names may contain `_`, as up to release 6.2. Default false. */
  underscoreInBucketNames: boolean;
  /**
   * Format of management errors: "xml" for headers and an XML body (default, assumed), "json" for a JSON body only,
   * "headers" for headers only, "none" for the status only. Errors of S3 calls are always XML.
   */
  errorFormat: ErrorFormat;
  /** Status of an unknown service token. Default 400 (assumed). */
  unknownServiceStatus: number;
  /** Whether the service `ostor-buckets` exists. References 2.0 and 7.0.5 do not have it. Default true. */
  bucketsServed: boolean;
  /** How long, in ms of `clock`, management reads are stale after a write. Default 0 (assumed). */
  lagMs: number;
}

/** A version of the AWS signature. */
export type SignatureVersion = "v2" | "v4";

/** See `Assumptions.errorFormat`. */
export type ErrorFormat = "xml" | "json" | "headers" | "none";

/** The values that apply where neither the profile nor an option sets another. */
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
