import { ApiError, isRejected, ShapeError } from "../api/errors";
import type { ApiBucket, ApiKey, ApiUser } from "../api/schemas";
import type { Credentials } from "../api/sign";
import type { Context } from "./context";
import { bucketsOf, isUnserved } from "./buckets";
import {
  bucketForbidden,
  bucketNotDeleted,
  bucketsInTheWay,
  type BucketReason,
  type KeysLeft,
} from "./bucketMessages";

/** How a user's buckets are to be treated when the user is deleted. */
export interface BucketPolicy {
  /** Whether empty buckets are deleted with the user. */
  deleteEmptyBuckets: boolean;
  /** An access key of the user whose secret is in state: some services return it only once. */
  storedKey: ApiKey | undefined;
  /** Reads the user's keys once nothing else changes them. */
  readKeys: () => Promise<ApiUser | undefined>;
}

/** Builds the error that names the buckets in the way. */
type Refusal = (reason: BucketReason, buckets: readonly ApiBucket[]) => Error | Promise<Error>;

/** The empty buckets of a user, and the credentials that delete them. */
interface EmptyBuckets {
  buckets: readonly ApiBucket[];
  signer: Credentials;
}

/**
 * Makes sure that a user owns no bucket, so that it can be deleted. With `deleteEmptyBuckets` its empty buckets are deleted,
 * all checked before the first is deleted. Nothing that holds an object, a version or an unfinished upload is ever deleted.
 *
 * @throws CodedError that names the buckets in the way, their sizes and the keys that still work
 */
export async function requireNoBuckets(
  context: Context,
  user: ApiUser,
  policy: BucketPolicy,
): Promise<void> {
  const refusal: Refusal = async (reason, buckets) =>
    bucketsInTheWay(context.adoption, user, buckets, reason, await keysLeft(user, policy));
  const { buckets, signer } = await requireEmptyBuckets(context, user, policy, refusal);
  for (const bucket of buckets) await deleteBucket(context, user, bucket, signer);
}

/**
 * Makes sure that buckets do not prevent the deletion of a user, and deletes nothing.
 *
 * @throws what `refusal` returns
 */
export async function requireEmptyBuckets(
  context: Context,
  user: ApiUser,
  policy: Omit<BucketPolicy, "readKeys">,
  refusal: Refusal,
): Promise<EmptyBuckets> {
  const { client, settings } = context;
  const buckets = await bucketsOf(context, user);
  const owner = ownersKey([...user.accessKeys, policy.storedKey]);
  const signer = owner ?? settings;
  if (buckets.length === 0) return { buckets, signer };
  const refuse = async (reason: BucketReason, inTheWay = buckets): Promise<never> => {
    throw await refusal(reason, inTheWay);
  };
  if (!policy.deleteEmptyBuckets) return refuse({ kind: "notAsked" });
  if (user.state === "disabled") return refuse({ kind: "disabledOwner" });
  const checks = buckets.map(({ name }) => client.isBucketEmpty(name, signer));
  const isEmpty = await Promise.all(checks).catch(async (error: unknown) => {
    if (error instanceof Error && isUploadListMissing(error)) {
      return refuse({ kind: "uploadsUnknown", message: error.message });
    }
    if (!isRejected(error)) throw error;
    return refuse({ kind: "ownerRejected", accessKeyId: owner?.accessKeyId });
  });
  const full = buckets.filter((_, index) => isEmpty[index] !== true);
  if (full.length > 0) await refuse({ kind: "notEmpty" }, full);
  return { buckets, signer };
}

/** Whether the service does not know multipart uploads, or does not list them. */
function isUploadListMissing(error: Error): boolean {
  const isAnswer = error instanceof ShapeError || (error instanceof ApiError && isUnserved(error));
  return isAnswer && error.operation === "listUploads";
}

async function deleteBucket(
  { client }: Context,
  user: ApiUser,
  { name }: ApiBucket,
  signer: Credentials,
): Promise<void> {
  try {
    await client.deleteBucket(name, signer);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // The credentials are right: a policy of the bucket forbids it.
    if (isRejected(error)) throw bucketForbidden(user, error);
    throw error.status === 409 ? bucketNotDeleted(user, error) : error;
  }
}

/** A key of the owner whose secret is known. */
function ownersKey(keys: readonly (ApiKey | undefined)[]): Credentials | undefined {
  return keys.flatMap((key) =>
    key?.secretAccessKey === undefined
      ? []
      : [{ accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey }],
  )[0];
}

/** A key whose `user` is a text is revoked beside its user: what is under way already is waited for. */
async function keysLeft({ userId }: ApiUser, { readKeys }: BucketPolicy): Promise<KeysLeft> {
  const now = await readKeys().catch(() => undefined);
  return now?.userId === userId ? now : undefined;
}
