import * as pulumi from "@pulumi/pulumi";
import { checkRegistrations, refuseUrn } from "./options";
import { resourceOf, withProviderOf } from "./owner";
import { ifSecret } from "./secretness";
import { shortenStacks } from "./shortStacks";
import { hasType, providerText, typeOf, typesOf, unset, withPlugin } from "./frontDoor";
import { User } from "./user";

/** The arguments of a Bucket. */
export interface BucketArgs {
  /** The bucket's name. A change tracks another bucket. */
  name: pulumi.Input<string>;
  /** The expected owner: a User, a user id or an e-mail address. Any owner if it is not set. */
  owner?: pulumi.Input<string> | User | undefined;
}

const properties = ["name", "owner", "ownerId", "creationDate"];

/**
 * Tracks an existing bucket. It creates and deletes nothing: the owner creates buckets through S3. Another owner, or a bucket
 * that was deleted and created again, is drift. `getBucket` returns sizes.
 *
 * @example
 * const inventory = new ostor.Bucket("inventory", { name: "inventory" });
 * export const inventoryOwnerId = inventory.ownerId;
 */
export class Bucket extends pulumi.CustomResource {
  declare public readonly name: pulumi.Output<string>;
  declare public readonly owner: pulumi.Output<string | undefined>;
  /** User id of the owner. */
  declare public readonly ownerId: pulumi.Output<string>;
  /** ISO 8601, UTC. */
  declare public readonly creationDate: pulumi.Output<string>;

  /** Reads an existing bucket by its name. The stack does not track it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): Bucket {
    return new Bucket(name, {} as BucketArgs, { ...opts, id });
  }

  /** Whether a value is a Bucket, also one of another copy of this package. */
  static override isInstance(value: unknown): value is Bucket {
    return hasType(value, typesOf("Bucket"));
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
        typeOf("Bucket"),
        name,
        { ...unset(properties), ...inputs, ...providerText("Bucket") },
        withPlugin("Bucket", withProviderOf("Bucket", name, user, opts)),
      );
    } catch (error) {
      throw stacks.withPlace(error);
    } finally {
      stacks.end();
    }
  }
}

/** The owner if it is a user id: only that is repeated in `ownerId`. */
function userIdIn(owner: pulumi.Input<string> | undefined): pulumi.Output<string | undefined> {
  return pulumi.output(owner).apply((text) => (text?.includes("@") === true ? undefined : text));
}

checkRegistrations("Bucket");
