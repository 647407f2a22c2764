import * as pulumi from "@pulumi/pulumi";
import { claimSlots, checkKeys, ownerOf } from "./keyOwner";
import { refuseUrn } from "./options";
import { withProviderOf } from "./owner";
import { ifSecret } from "./secretness";
import { shortenStacks } from "./shortStacks";
import { hasType, providerText, typeOf, typesOf, unset, withPlugin } from "./frontDoor";
import type { User } from "./user";

/** The arguments of an AccessKey. */
export interface AccessKeyArgs {
  /** The owner: a User, or the e-mail address of an existing user. A change replaces the key. */
  user: pulumi.Input<string> | User;
  /** A change of these texts replaces the key, which rotates it. A Date is refused: give `date.toISOString()`. */
  keepers?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /**
   * `"create-first"` (default) generates the new key before it revokes the old one, which takes a free slot;
   * `"delete-first"` revokes first, for users with two keys.
   */
  replaceOrder?: pulumi.Input<"create-first" | "delete-first"> | undefined;
  /**
   * Adopts the existing access key with exactly this id instead of generating one. Ignored once the resource is in the stack,
   * so it may stay in the program.
   */
  adopt?: pulumi.Input<string> | undefined;
}

const properties = ["emailAddress", "userId", "accessKeyId", "secretAccessKey", "keepers"];

/**
 * An access key of a user, who can have two. Its id is the access key id.
 *
 * @example
 * const key = new ostor.AccessKey("acme-backup", { user: tenant, keepers: { rotated: "2026-11" } });
 * export const accessKeyId = key.accessKeyId;
 * export const secretAccessKey = key.secretAccessKey;
 */
export class AccessKey extends pulumi.CustomResource {
  declare public readonly emailAddress: pulumi.Output<string>;
  declare public readonly userId: pulumi.Output<string>;
  declare public readonly accessKeyId: pulumi.Output<string>;
  /** Always a secret output. */
  declare public readonly secretAccessKey: pulumi.Output<string>;
  declare public readonly keepers: pulumi.Output<Record<string, string> | undefined>;

  /** Reads an existing access key by its id. The stack does not manage it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): AccessKey {
    return new AccessKey(name, {} as AccessKeyArgs, { ...opts, id });
  }

  /** Whether a value is an AccessKey, also one of another copy of this package. */
  static override isInstance(value: unknown): value is AccessKey {
    return hasType(value, typesOf("AccessKey"));
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
        typeOf("AccessKey"),
        name,
        { ...unset(properties), ...inputs, ...providerText("AccessKey") },
        withPlugin(
          "AccessKey",
          pulumi.mergeOptions(withProviderOf("AccessKey", name, owner, opts), own),
        ),
      );
    } catch (error) {
      throw stacks.withPlace(error);
    } finally {
      stacks.end();
    }
  }
}

checkKeys("AccessKey");
