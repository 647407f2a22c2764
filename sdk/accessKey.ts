import * as pulumi from "@pulumi/pulumi";
import { claimSlots, checkKeys, ownerOf } from "./keyOwner";
import { refuseUrn } from "./options";
import { withProviderOf } from "./owner";
import { ifSecret } from "./secretness";
import { shortenStacks } from "./shortStacks";
import { hasType, providerTexts, typeTokens, unset } from "./texts";
import type { User } from "./user";

/** A key pair as a program declares it. */
export interface AccessKeyArgs {
  /** Whose key: a User, or the e-mail address of one made elsewhere. A change replaces the key. */
  user: pulumi.Input<string> | User;
  /** Any change of these texts replaces the key: the way to rotate it. Refused is a Date: give `date.toISOString()`. */
  keepers?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /**
   * `"create-first"` (default) makes the new pair before the old one is revoked, which takes a free slot;
   * `"delete-first"` revokes first, for users whose two slots are taken.
   */
  replaceOrder?: pulumi.Input<"create-first" | "delete-first"> | undefined;
  /** Takes over the existing pair with exactly this id instead of generating one. May stay in the program. */
  adopt?: pulumi.Input<string> | undefined;
}

const properties = ["emailAddress", "userId", "accessKeyId", "secretAccessKey", "keepers"];

/**
 * An S3 key pair of a user, who can have two. Its id is the access key id.
 *
 * @example
 * const key = new ostor.AccessKey("acme-backup", { user: tenant, keepers: { rotated: "2026-11" } });
 * export const accessKeyId = key.accessKeyId;
 * export const secretAccessKey = key.secretAccessKey;
 */
export class AccessKey extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeTokens.accessKey;

  declare public readonly emailAddress: pulumi.Output<string>;
  declare public readonly userId: pulumi.Output<string>;
  declare public readonly accessKeyId: pulumi.Output<string>;
  /** Always a secret output. */
  declare public readonly secretAccessKey: pulumi.Output<string>;
  declare public readonly keepers: pulumi.Output<Record<string, string> | undefined>;

  /** Reads an existing pair by its access key id; it is not managed by this stack. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): AccessKey {
    return new AccessKey(name, {} as AccessKeyArgs, { ...opts, id });
  }

  /** Whether a value is of type AccessKey; one of another copy of this package is too. */
  static override isInstance(value: unknown): value is AccessKey {
    return hasType(value, AccessKey.__pulumiType);
  }

  constructor(name: string, args: AccessKeyArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseUrn("AccessKey", name, opts);
    const { user, ...rest } = args;
    const owner = ownerOf(user);
    if (owner) claimSlots(owner, name, 1);
    const inputs = {
      user: owner ? owner.emailAddress : user,
      emailAddress: ifSecret(owner ? owner.emailAddress : (user as pulumi.Input<string>)),
      ...(opts.id !== undefined && { accessKeyId: ifSecret(opts.id) }),
      ...(owner && { userId: owner.userId }),
      ...rest,
    };
    const own: pulumi.CustomResourceOptions = {
      additionalSecretOutputs: ["secretAccessKey"],
    };
    const stacks = shortenStacks(AccessKey);
    try {
      super(
        typeTokens.accessKey,
        name,
        { ...unset(properties), ...inputs, __provider: providerTexts.accessKey },
        pulumi.mergeOptions(
          withProviderOf(`AccessKey ${name}`, typeTokens.accessKey, owner, opts),
          own,
        ),
      );
    } catch (error) {
      throw stacks.withPlace(error);
    } finally {
      stacks.end();
    }
  }
}

checkKeys("AccessKey", typeTokens.accessKey);
