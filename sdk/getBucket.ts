import type * as pulumi from "@pulumi/pulumi";
import type { BucketQuery, BucketResult, BucketsQuery } from "pulumi-ostor/provider";
import { lookup, lookupOutput, type LookupOptions, type LookupOutputOptions } from "./lookup";
import { User } from "./user";

/** Which bucket. */
export type GetBucketArgs = BucketQuery;

/** `GetBucketArgs` that may hold outputs. */
export interface GetBucketOutputArgs {
  name: pulumi.Input<string>;
}

/** Whose buckets, by e-mail address or user id; everybody's when left out. */
export type GetBucketsArgs = BucketsQuery;

/** `GetBucketsArgs` that may hold outputs, or a User. */
export interface GetBucketsOutputArgs {
  user?: pulumi.Input<string> | User | undefined;
}

/** Buckets with their sizes. */
export interface GetBucketsResult {
  buckets: BucketResult[];
}

/**
 * Reads one bucket with its sizes.
 *
 * @throws pulumi.RunError when there is no such bucket
 */
export function getBucket(args: GetBucketArgs, opts: LookupOptions = {}): Promise<BucketResult> {
  return lookup("getBucket", args, opts, (lookups, query) => lookups.getBucket(query));
}

/** As `getBucket`; unknown in a preview while a resource behind the arguments doesn't exist yet. */
export function getBucketOutput(
  args: GetBucketOutputArgs,
  opts: LookupOutputOptions = {},
): pulumi.Output<BucketResult> {
  return lookupOutput<BucketQuery, BucketResult>("getBucket", args, opts, (lookups, query) =>
    lookups.getBucket(query),
  );
}

/** Lists buckets with their sizes. */
export function getBuckets(
  args: GetBucketsArgs = {},
  opts: LookupOptions = {},
): Promise<GetBucketsResult> {
  return lookup("getBuckets", args, opts, (lookups, query) => lookups.getBuckets(query));
}

/** As `getBuckets`; unknown in a preview while a resource behind the arguments doesn't exist yet. */
export function getBucketsOutput(
  args: GetBucketsOutputArgs = {},
  opts: LookupOutputOptions = {},
): pulumi.Output<GetBucketsResult> {
  const { user } = args;
  const query = { user: User.isInstance(user) ? user.userId : user };
  return lookupOutput<BucketsQuery, GetBucketsResult>("getBuckets", query, opts, (lookups, query) =>
    lookups.getBuckets(query),
  );
}
