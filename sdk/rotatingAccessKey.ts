import * as pulumi from "@pulumi/pulumi";
import { claimSlots, checkKeys, ownerOf } from "./keyOwner";
import { refuseUrn } from "./options";
import { withProviderOf } from "./owner";
import { ifSecret } from "./secretness";
import { shortenStacks } from "./shortStacks";
import { hasType, providerTexts, typeTokens, unset } from "./texts";
import type { User } from "./user";

/** Rotating keys as a program declares them: one of `every` and `generation` is given. */
export interface RotatingAccessKeyArgs {
  /** Whose keys: a User, or the e-mail address of one made elsewhere. It must have no other pair. A change replaces. */
  user: pulumi.Input<string> | User;
  /**
   * The period: `"30d"`; in `m`, `h`, `d` or `w`. The first `pulumi up` after it has passed rotates, once. A due
   * rotation shows as a change; pipelines that look for drift use `generation`.
   */
  every?: pulumi.Input<string> | undefined;
  /** A counter, from 0 on: a higher one rotates once, a lower one does nothing. */
  generation?: pulumi.Input<number> | undefined;
  /**
   * Adopts the existing access key with exactly this id as the first current one. Ignored once the resource is in the
   * stack, so it may stay in the program.
   */
  adopt?: pulumi.Input<string> | undefined;
}

/** A key pair that a program hands on. */
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
 * The two pairs of a user who has them rotated: `current`, to be used, and `previous`, which goes on working until the
 * next rotation, so that whoever holds it has a whole period to switch. A rotation revokes the previous pair and
 * generates a new one; it never touches the current one. At most one step is taken in one `pulumi up`, however many
 * periods have passed.
 *
 * @example
 * const partner = new ostor.User("initech", { emailAddress: "ops@initech.example" });
 * const rotating = new ostor.RotatingAccessKey("initech", { user: partner, every: "30d" });
 * export const current = rotating.current; // { accessKeyId, secretAccessKey }, to be handed on
 */
export class RotatingAccessKey extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeTokens.rotation;

  declare public readonly emailAddress: pulumi.Output<string>;
  declare public readonly userId: pulumi.Output<string>;
  /** Id of the current pair. */
  declare public readonly accessKeyId: pulumi.Output<string>;
  /** Secret of the current pair; always a secret output. */
  declare public readonly secretAccessKey: pulumi.Output<string>;
  /** Id of the previous pair; absent before the first rotation. */
  declare public readonly previousAccessKeyId: pulumi.Output<string | undefined>;
  /** Secret of the previous pair; always a secret output. */
  declare public readonly previousSecretAccessKey: pulumi.Output<string | undefined>;
  /** Whether there is a previous pair. Known at preview, where an absent id isn't. */
  declare public readonly hasPrevious: pulumi.Output<boolean>;
  /** When the current pair was made or taken over, as an ISO date. */
  declare public readonly rotatedAt: pulumi.Output<string>;
  declare public readonly every: pulumi.Output<string | undefined>;
  /** The highest counter that was reached. */
  declare public readonly generation: pulumi.Output<number | undefined>;

  /** Whether a value is of type RotatingAccessKey; one of another copy of this package is too. */
  static override isInstance(value: unknown): value is RotatingAccessKey {
    return hasType(value, RotatingAccessKey.__pulumiType);
  }

  constructor(name: string, args: RotatingAccessKeyArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseUrn("RotatingAccessKey", name, opts);
    const { user, ...rest } = args;
    const owner = ownerOf(user);
    if (owner) claimSlots(owner, name, 2);
    const inputs = {
      user: owner ? withoutOwnPair(owner, name) : user,
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
        typeTokens.rotation,
        name,
        { ...unset(properties), ...inputs, __provider: providerTexts.rotation },
        pulumi.mergeOptions(
          withProviderOf(`RotatingAccessKey ${name}`, typeTokens.rotation, owner, opts),
          own,
        ),
      );
    } catch (error) {
      throw stacks.withPlace(error);
    } finally {
      stacks.end();
    }
  }

  /** The pair to use; a secret as a whole. */
  get current(): pulumi.Output<KeyPair> {
    const { accessKeyId, secretAccessKey } = this;
    return pulumi.output({ accessKeyId, secretAccessKey });
  }

  /** The pair before it, which still works; undefined before the first rotation. A secret as a whole. */
  get previous(): pulumi.Output<KeyPair | undefined> {
    // An output that the state lacks is unknown at preview: whatever takes it would show as a change.
    return this.hasPrevious.apply((hasPrevious: boolean | undefined) =>
      hasPrevious === false ? pulumi.output(undefined) : this.previousPair(),
    );
  }

  private previousPair(): pulumi.Output<KeyPair | undefined> {
    return pulumi
      .all([this.previousAccessKeyId, this.previousSecretAccessKey])
      .apply(([accessKeyId, secretAccessKey]) =>
        accessKeyId === undefined || secretAccessKey === undefined
          ? undefined
          : { accessKeyId, secretAccessKey },
      );
  }
}

checkKeys("RotatingAccessKey", typeTokens.rotation);

/** The address of a user, once it is known that both slots are free for a rotation. */
function withoutOwnPair(user: User, name: string): pulumi.Output<string> {
  return pulumi.all([user.emailAddress, user.createAccessKey]).apply(([emailAddress, hasOwn]) => {
    if (!hasOwn) return emailAddress;
    throw new pulumi.RunError(
      `RotatingAccessKey ${name}: user ${emailAddress} has a key of its own, and a rotation takes both slots; set createAccessKey: false, which revokes that key`,
    );
  });
}
