/**
 * Resources of an ostor cluster, and functions that read it.
 *
 * @module pulumi-ostor
 */
import { hideAnswers } from "./debugLog";

hideAnswers();

export { usePlugin } from "./frontDoor";
export { AccessKey, type AccessKeyArgs } from "./accessKey";
export { Bucket, type BucketArgs } from "./bucket";
export {
  getBucket,
  getBucketOutput,
  getBuckets,
  getBucketsOutput,
  type GetBucketArgs,
  type GetBucketOutputArgs,
  type GetBucketsArgs,
  type GetBucketsOutputArgs,
  type GetBucketsResult,
} from "./getBucket";
export {
  getUser,
  getUserOutput,
  getUsers,
  getUsersOutput,
  type GetUserArgs,
  type GetUserOutputArgs,
  type GetUsersResult,
} from "./getUser";
export type { LookupOptions, LookupOutputOptions } from "./lookupOptions";
export { Provider, type ProviderArgs } from "./provider";
export { RotatingAccessKey, type KeyPair, type RotatingAccessKeyArgs } from "./rotatingAccessKey";
export { Tenant, type TenantArgs, type TenantKeyArgs } from "./tenant";
export type { TenantOrigin } from "./tenantOptions";
export { User, type UserArgs, type UserStateName } from "./user";
export type {
  BucketResult as GetBucketResult,
  Dialect,
  SignatureVersion,
  UserResult as GetUserResult,
} from "pulumi-ostor/provider";
