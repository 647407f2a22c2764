import type * as pulumi from "@pulumi/pulumi";
import type {
  BucketQuery as GetBucketArgs,
  BucketResult,
  BucketsQuery as GetBucketsArgs,
} from "pulumi-ostor/provider";
import { lookup, lookupOutput, type Lookup } from "./lookup";
import type { LookupOptions, LookupOutputOptions } from "./lookupOptions";
import type { User } from "./user";

export type { GetBucketArgs, GetBucketsArgs };

/** `GetBucketArgs` that may hold outputs. */
export interface GetBucketOutputArgs {
  name: pulumi.Input<string>;
}

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
 * @throws pulumi.RunError if there is no such bucket
 *
 * @example
 * const stored = ostor.getBucket({ name: "inventory" });
 * export const inventoryBytes = stored.then(({ currentBytes }) => currentBytes);
 */
export function getBucket(args: GetBucketArgs, opts: LookupOptions = {}): Promise<BucketResult> {
  return lookup(oneBucket, args, opts);
}

/**
 * Like `getBucket`; unknown in a preview while a resource behind the arguments does not exist yet.
 *
 * @example
 * const { creationDate } = ostor.getBucketOutput({ name: inventory.name });
 * export const inventorySince = creationDate;
 */
export function getBucketOutput(
  args: GetBucketOutputArgs,
  opts: LookupOutputOptions = {},
): pulumi.Output<BucketResult> {
  return lookupOutput(oneBucket, args, opts);
}

/**
 * Lists buckets with their sizes.
 *
 * @example
 * const owned = ostor.getBuckets({ user: "warehouse@storage.example" });
 * export const warehouseBuckets = owned.then(({ buckets }) => buckets.map(({ name }) => name));
 */
export function getBuckets(
  args: GetBucketsArgs = {},
  opts: LookupOptions = {},
): Promise<GetBucketsResult> {
  return lookup(manyBuckets, args, opts);
}

/**
 * Like `getBuckets`; unknown in a preview while a resource behind the arguments does not exist yet.
 *
 * @example
 * export const acmeBuckets = ostor.getBucketsOutput({ user: tenant }).buckets;
 */
export function getBucketsOutput(
  args: GetBucketsOutputArgs = {},
  opts: LookupOutputOptions = {},
): pulumi.Output<GetBucketsResult> {
  return lookupOutput(manyBuckets, args, opts);
}

const oneBucket: Lookup<GetBucketArgs, BucketResult> = {
  name: "getBucket",
  argumentNames: ["name"],
  read: (lookups, query) => lookups.getBucket(query),
};

const manyBuckets: Lookup<GetBucketsArgs, GetBucketsResult> = {
  name: "getBuckets",
  argumentNames: ["user"],
  read: (lookups, query) => lookups.getBuckets(query),
};
