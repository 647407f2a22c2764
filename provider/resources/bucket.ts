import { z } from "zod";
import type { ApiBucket } from "../api/schemas";
import type { Cluster } from "../cluster/cluster";
import { note } from "../text/print";
import { checkInputs, emailAddress } from "./check";
import { bucketToRead, bucketKept, bucketNotFound, otherBucketOwner } from "./messages";
import { changed, notFound, type Bag, type Lifecycle } from "./lifecycle";

/** A bucket to track. `owner` is a user id or an e-mail address. */
export interface BucketInputs {
  name: string;
  owner?: string;
}

/** A bucket as tracked, without sizes, which change every hour. */
export interface BucketState extends BucketInputs {
  ownerId: string;
  creationDate: string;
}

const bucketInputs = {
  name: z
    .string("must be a bucket's name")
    .regex(/^[A-Za-z0-9][\w.-]{0,254}$/, "must be a bucket's name"),
  owner: z
    .union(
      [emailAddress, z.string().regex(/^[0-9a-f]{15,16}$/i)],
      "must be a user id or an e-mail address",
    )
    .optional(),
  // The owner again, for programs in which it is secret.
  ownerId: z.string().optional(),
};

/**
 * The life cycle of a bucket as data: it is tracked, never created or deleted, because its owner creates it through S3. Its id is
 * the name.
 */
export const bucketLifecycle: Lifecycle = {
  check: (news) => checkInputs(bucketInputs, news),

  // oxlint-disable-next-line typescript/require-await -- the interface is asynchronous
  async diff(_cluster, _id, olds, news) {
    const replaces = changed("replace", { name: olds["name"] !== news["name"] });
    const updates = changed("update", { owner: olds["owner"] !== news["owner"] });
    return { changes: [...replaces, ...updates], ids: [] };
  },

  async create(cluster, inputs) {
    const { name } = inputs as unknown as BucketInputs;
    return { id: name, outs: await track(cluster, inputs) };
  },

  async read(cluster, id, stateBag) {
    const known = stateBag as Partial<BucketState>;
    const bucket = await cluster.findBucket(id);
    if (!bucket) return notFound(known.ownerId, () => bucketToRead(id));
    const isSame =
      (known.ownerId ?? bucket.ownerId) === bucket.ownerId &&
      (known.creationDate ?? bucket.creationDate) === bucket.creationDate;
    if (!isSame) return {};
    const inputs = { name: id, ...(known.owner === undefined ? {} : { owner: known.owner }) };
    return { id, props: stored(inputs, bucket), inputs };
  },

  async update(cluster, _id, _olds, news) {
    return { outs: await track(cluster, news) };
  },

  // oxlint-disable-next-line typescript/require-await -- the interface is asynchronous
  async delete(_cluster, id) {
    note(bucketKept(id));
  },
};

async function track(cluster: Cluster, inputBag: Bag): Promise<Bag> {
  const inputs = inputBag as unknown as BucketInputs;
  const bucket = await cluster.findBucket(inputs.name);
  if (!bucket) throw bucketNotFound(inputs.name);
  if (inputs.owner !== undefined) await refuseOtherOwner(cluster, bucket, inputs.owner);
  return stored(inputs, bucket);
}

async function refuseOtherOwner(cluster: Cluster, bucket: ApiBucket, owner: string): Promise<void> {
  const ownerId = owner.includes("@") ? (await cluster.readUser(owner))?.userId : owner;
  if (ownerId !== bucket.ownerId) throw otherBucketOwner(bucket, owner, ownerId !== undefined);
}

function stored(inputs: BucketInputs, bucket: ApiBucket): Bag {
  const { ownerId, creationDate } = bucket;
  const { name, owner } = inputs;
  return { name, ...(owner === undefined ? {} : { owner }), ownerId, creationDate };
}
