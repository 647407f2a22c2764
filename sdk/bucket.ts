import * as pulumi from "@pulumi/pulumi";
import { checkRegistrations, refuseUrn } from "./options";
import { resourceOf, withProviderOf } from "./owner";
import { ifSecret } from "./secretness";
import { shortenStacks } from "./shortStacks";
import { hasType, providerTexts, typeTokens, unset } from "./texts";
import { User } from "./user";

/** A bucket to track. */
export interface BucketArgs {
  /** The bucket's name. A change tracks another bucket. */
  name: pulumi.Input<string>;
  /** Who must own it: a User, a user id or an e-mail address; anybody when left out. */
  owner?: pulumi.Input<string> | User | undefined;
}

const properties = ["name", "owner", "ownerId", "creationDate"];

/**
 * Tracks a bucket that exists; creates and deletes nothing, for buckets are made through S3 by their owner.
 * Another owner, or a bucket made anew under the name, shows as drift. Sizes: see `getBucket`.
 *
 * @example
 * const inventory = new ostor.Bucket("inventory", { name: "inventory" });
 * export const inventoryOwnerId = inventory.ownerId;
 */
export class Bucket extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeTokens.bucket;

  declare public readonly name: pulumi.Output<string>;
  declare public readonly owner: pulumi.Output<string | undefined>;
  /** User id of the owner. */
  declare public readonly ownerId: pulumi.Output<string>;
  /** ISO 8601, UTC. */
  declare public readonly creationDate: pulumi.Output<string>;

  /** Reads an existing bucket by its name; it is not tracked by this stack. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): Bucket {
    return new Bucket(name, {} as BucketArgs, { ...opts, id });
  }

  /** Whether a value is of type Bucket; one of another copy of this package is too. */
  static override isInstance(value: unknown): value is Bucket {
    return hasType(value, Bucket.__pulumiType);
  }

  constructor(name: string, args: BucketArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseUrn("Bucket", name, opts);
    const { owner } = args;
    const user = resourceOf(owner, User);
    const ownerText = User.isInstance(owner) ? owner.userId : owner;
    const inputs = {
      ...args,
      owner: ownerText,
      ownerId: ifSecret(userIdIn(ownerText)),
      ...(opts.id !== undefined && { name: ifSecret(opts.id) }),
    };
    const stacks = shortenStacks(Bucket);
    try {
      super(
        typeTokens.bucket,
        name,
        { ...unset(properties), ...inputs, __provider: providerTexts.bucket },
        withProviderOf(`Bucket ${name}`, typeTokens.bucket, user, opts),
      );
    } catch (error) {
      throw stacks.withPlace(error);
    } finally {
      stacks.end();
    }
  }
}

/** An owner that is a user id; an address is not what `ownerId` repeats. */
function userIdIn(owner: pulumi.Input<string> | undefined): pulumi.Output<string | undefined> {
  return pulumi.output(owner).apply((text) => (text?.includes("@") === true ? undefined : text));
}

checkRegistrations(typeTokens.bucket);
