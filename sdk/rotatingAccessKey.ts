import * as pulumi from "@pulumi/pulumi";
import { claimSlots, checkKeys, ownerOf } from "./keyOwner";
import { ownKeyTakesSlot } from "./messages";
import { refuseUrn } from "./options";
import { withProviderOf } from "./owner";
import { ifSecret } from "./secretness";
import { shortenStacks } from "./shortStacks";
import { hasType, providerText, typeOf, typesOf, unset, withPlugin } from "./frontDoor";
import type { User } from "./user";

/** The arguments of a RotatingAccessKey: exactly one of `every` and `generation`. */
export interface RotatingAccessKeyArgs {
  /** The owner: a User, or the e-mail address of an existing user without other access keys. A change replaces the keys. */
  user: pulumi.Input<string> | User;
  /**
   * The period: `"30d"`; in `m`, `h`, `d` or `w`. The first `pulumi up` after it has passed rotates once. A due rotation is a
   * change in the preview; pipelines that detect drift use `generation`.
   */
  every?: pulumi.Input<string> | undefined;
  /** A counter, from 0: a higher number rotates once, a lower number has no effect. */
  generation?: pulumi.Input<number> | undefined;
  /**
   * Adopts the existing access key with exactly this id as the first current one. Ignored once the resource is in the
   * stack, so it may stay in the program.
   */
  adopt?: pulumi.Input<string> | undefined;
}

/** The id and the secret of an access key. */
export interface KeyPair {
  accessKeyId: string;
  secretAccessKey: string;
}

const properties = [
  "emailAddress",
  "userId",
  "accessKeyId",
  "secretAccessKey",
  "previousAccessKeyId",
  "previousSecretAccessKey",
  "hasPrevious",
  "rotatedAt",
  "every",
  "generation",
];

/**
 * The two access keys of a user, rotated by a schedule. Applications use `current`. `previous` works until the next rotation,
 * so that applications have a whole period to switch. A rotation revokes the previous key and generates a new one; the key
 * that was current keeps working. One `pulumi up` rotates at most once, also if several periods have passed.
 *
 * @example
 * const partner = new ostor.User("initech", { emailAddress: "ops@initech.example" });
 * const rotating = new ostor.RotatingAccessKey("initech", { user: partner, every: "30d" });
 * export const current = rotating.current; // { accessKeyId, secretAccessKey }
 */
export class RotatingAccessKey extends pulumi.CustomResource {
  declare public readonly emailAddress: pulumi.Output<string>;
  declare public readonly userId: pulumi.Output<string>;
  /** Id of the current access key. */
  declare public readonly accessKeyId: pulumi.Output<string>;
  /** Secret of the current access key; always a secret output. */
  declare public readonly secretAccessKey: pulumi.Output<string>;
  /** Id of the previous access key; absent before the first rotation. */
  declare public readonly previousAccessKeyId: pulumi.Output<string | undefined>;
  /** Secret of the previous access key; always a secret output. */
  declare public readonly previousSecretAccessKey: pulumi.Output<string | undefined>;
  /** Whether there is a previous access key. Known at preview, unlike an absent id. */
  declare public readonly hasPrevious: pulumi.Output<boolean>;
  /** When the current access key was generated or adopted, as an ISO date. */
  declare public readonly rotatedAt: pulumi.Output<string>;
  declare public readonly every: pulumi.Output<string | undefined>;
  /** The highest counter so far. */
  declare public readonly generation: pulumi.Output<number | undefined>;

  /** Whether a value is a RotatingAccessKey, also one of another copy of this package. */
  static override isInstance(value: unknown): value is RotatingAccessKey {
    return hasType(value, typesOf("RotatingAccessKey"));
  }

  constructor(name: string, args: RotatingAccessKeyArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseUrn("RotatingAccessKey", name, opts);
    const { user, ...rest } = args;
    const owner = ownerOf(user);
    if (owner) claimSlots(owner, name, 2);
    const inputs = {
      user: owner ? withoutOwnKey(owner, name) : user,
      emailAddress: ifSecret(owner ? owner.emailAddress : (user as pulumi.Input<string>)),
      ...(owner && { userId: owner.userId }),
      ...rest,
    };
    const own: pulumi.CustomResourceOptions = {
      additionalSecretOutputs: ["secretAccessKey", "previousSecretAccessKey"],
    };
    const stacks = shortenStacks(RotatingAccessKey);
    try {
      super(
        typeOf("RotatingAccessKey"),
        name,
        { ...unset(properties), ...inputs, ...providerText("RotatingAccessKey") },
        withPlugin(
          "RotatingAccessKey",
          pulumi.mergeOptions(withProviderOf("RotatingAccessKey", name, owner, opts), own),
        ),
      );
    } catch (error) {
      throw stacks.withPlace(error);
    } finally {
      stacks.end();
    }
  }

  /** The access key to use; a secret as a whole. */
  get current(): pulumi.Output<KeyPair> {
    const { accessKeyId, secretAccessKey } = this;
    return pulumi.output({ accessKeyId, secretAccessKey });
  }

  /** The access key before it, which still works; undefined before the first rotation. A secret as a whole. */
  get previous(): pulumi.Output<KeyPair | undefined> {
    // An output that is missing in the state is unknown at preview, and would change what depends on it.
    return this.hasPrevious.apply((hasPrevious: boolean | undefined) =>
      hasPrevious === false ? pulumi.output(undefined) : this.previousKey(),
    );
  }

  private previousKey(): pulumi.Output<KeyPair | undefined> {
    return pulumi
      .all([this.previousAccessKeyId, this.previousSecretAccessKey])
      .apply(([accessKeyId, secretAccessKey]) =>
        accessKeyId === undefined || secretAccessKey === undefined
          ? undefined
          : { accessKeyId, secretAccessKey },
      );
  }
}

checkKeys("RotatingAccessKey");

/** The address of a user; fails if the user keeps its own key, because a rotation takes both slots. */
function withoutOwnKey(user: User, name: string): pulumi.Output<string> {
  return pulumi.all([user.emailAddress, user.createAccessKey]).apply(([emailAddress, hasOwn]) => {
    if (!hasOwn) return emailAddress;
    throw ownKeyTakesSlot(name, emailAddress);
  });
}
