import { z } from "zod";
import type { ApiBucket } from "./api/schemas";
import { checkInputs, emailAddress } from "./check";
import { notFound, type Bag, type Lifecycle } from "./lifecycle";
import { findUser } from "./presence";
import type { Session } from "./session";

/** A bucket to track. `owner` is a user id or an e-mail address. */
export interface BucketInputs {
  name: string;
  owner?: string;
}

/** A bucket as tracked: sizes change every hour, so they are no part of it. */
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
  // The owner again, of programs where it is secret.
  ownerId: z.string().optional(),
};

/**
 * The life of a bucket as data: it is tracked, never made or deleted, for buckets are made through S3 by
 * their owner. Its id is the name.
 */
export const bucketLifecycle: Lifecycle = {
  check: (news) => checkInputs(bucketInputs, news),

  // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous
  async diff(_session, _id, olds, news) {
    if (olds["name"] !== news["name"]) return { changes: true, replaces: ["name"], ids: [] };
    return { changes: olds["owner"] !== news["owner"], ids: [] };
  },

  async create(session, inputs) {
    const { name } = inputs as unknown as BucketInputs;
    return { id: name, outs: await track(session, inputs) };
  },

  async read(session, id, stateBag) {
    const known = stateBag as Partial<BucketState>;
    const bucket = await findBucket(session, id);
    if (!bucket) return notFound(known.ownerId, noSuchBucket(id));
    const isSame =
      (known.ownerId ?? bucket.ownerId) === bucket.ownerId &&
      (known.creationDate ?? bucket.creationDate) === bucket.creationDate;
    if (!isSame) return {};
    const inputs = { name: id, ...(known.owner === undefined ? {} : { owner: known.owner }) };
    return { id, props: stored(inputs, bucket), inputs };
  },

  async update(session, _id, _olds, news) {
    return { outs: await track(session, news) };
  },

  // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous
  async delete(_session, id) {
    console.info(
      `bucket ${id} is no longer tracked; the bucket and its objects stay on the cluster`,
    );
  },
};

function noSuchBucket(id: string): string {
  return `read bucket ${id}: there is no such bucket on the cluster; Bucket.get takes the name of an existing bucket, and getBuckets() returns all of them`;
}

async function track(session: Session, inputBag: Bag): Promise<Bag> {
  const inputs = inputBag as unknown as BucketInputs;
  const bucket = await findBucket(session, inputs.name);
  if (!bucket) {
    throw new Error(
      `read bucket ${inputs.name}: there is no such bucket on the cluster; this resource tracks one that its owner made through S3`,
    );
  }
  if (inputs.owner !== undefined) await refuseOtherOwner(session, bucket, inputs.owner);
  return stored(inputs, bucket);
}

async function refuseOtherOwner(session: Session, bucket: ApiBucket, owner: string): Promise<void> {
  const ownerId = owner.includes("@") ? (await findUser(session, owner))?.userId : owner;
  if (ownerId === bucket.ownerId) return;
  throw new Error(
    `read bucket ${bucket.name}: it belongs to user ${bucket.ownerId}, and the declared owner is ${owner}${ownerId === undefined ? ", who doesn't exist" : ""}; correct owner, or leave it out to accept any`,
  );
}

async function findBucket(session: Session, name: string): Promise<ApiBucket | undefined> {
  const isIt = (bucket: ApiBucket) => bucket.name === name;
  // The list of this run may be older than the bucket: a miss is looked up afresh.
  return (
    (await session.listedBuckets()).find(isIt) ?? (await session.client.listBuckets()).find(isIt)
  );
}

function stored(inputs: BucketInputs, bucket: ApiBucket): Bag {
  const { ownerId, creationDate } = bucket;
  const { name, owner } = inputs;
  return { name, ...(owner === undefined ? {} : { owner }), ownerId, creationDate };
}
