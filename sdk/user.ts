import * as pulumi from "@pulumi/pulumi";
import { claim, declarePlace, labelOf } from "./claims";
import { checkRegistrations, refuseUrn } from "./options";
import { ifSecret } from "./secretness";
import { shortenStacks } from "./shortStacks";
import { hasType, providerTexts, typeTokens, unset } from "./texts";

/** Whether a user may use the cluster. */
export type UserStateName = "enabled" | "disabled";

/** A user as a program declares it. */
export interface UserArgs {
  /** The user's address. The service can't rename: a change replaces the user. */
  emailAddress: pulumi.Input<string>;
  /** `"enabled"` (default) or `"disabled"`: no access to S3, while keys and buckets stay. Changed in place. */
  state?: pulumi.Input<UserStateName> | undefined;
  /**
   * Whether the key pair that the service makes with each user is kept as the user's own, in `accessKeyId`
   * and `secretAccessKey`; default false: it is revoked at once, and both slots are free for `AccessKey`s.
   */
  createAccessKey?: pulumi.Input<boolean> | undefined;
  /** Whether deleting the user deletes its empty buckets first; default false. What holds data always stays. */
  deleteEmptyBuckets?: pulumi.Input<boolean> | undefined;
  /** Takes over the existing user with exactly this user id, as it is. May stay in the program. */
  adopt?: pulumi.Input<string> | undefined;
}

const properties = [
  "emailAddress",
  "state",
  "createAccessKey",
  "deleteEmptyBuckets",
  "userId",
  "ownerId",
  "flags",
  "accessKeyId",
  "secretAccessKey",
];

/**
 * A user (tenant) of the cluster. Its id is the e-mail address.
 *
 * Deleting a user who owns buckets is refused, naming them; its keys go on working.
 *
 * @example
 * const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example", state: "enabled" });
 * export const userId = tenant.userId;
 */
export class User extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = typeTokens.user;

  declare public readonly emailAddress: pulumi.Output<string>;
  declare public readonly state: pulumi.Output<UserStateName>;
  declare public readonly createAccessKey: pulumi.Output<boolean>;
  declare public readonly deleteEmptyBuckets: pulumi.Output<boolean>;
  /** 16 hexadecimal digits, given by the service. */
  declare public readonly userId: pulumi.Output<string>;
  /** As the service tells it. */
  declare public readonly ownerId: pulumi.Output<string | undefined>;
  /** As the service tells them, such as `system`. */
  declare public readonly flags: pulumi.Output<string[]>;
  /** The user's own key pair; absent without one. */
  declare public readonly accessKeyId: pulumi.Output<string | undefined>;
  /** Secret of the own pair; always a secret output. */
  declare public readonly secretAccessKey: pulumi.Output<string | undefined>;

  /** Reads an existing user by its e-mail address; it is not managed by this stack. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): User {
    return new User(name, {} as UserArgs, { ...opts, id });
  }

  /** Whether a value is of type User; one of another copy of this package is too. */
  static override isInstance(value: unknown): value is User {
    return hasType(value, User.__pulumiType);
  }

  constructor(name: string, args: UserArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseUrn("User", name, opts);
    const read = opts.id !== undefined && { emailAddress: ifSecret(opts.id) };
    const inputs = { ...unset(properties), ...args, ...read };
    const own = {
      additionalSecretOutputs: ["secretAccessKey"],
      // A forced replacement doesn't ask the provider: created first, the address would be taken.
      deleteBeforeReplace: true,
    };
    const stacks = shortenStacks(User);
    try {
      super(
        typeTokens.user,
        name,
        { ...inputs, __provider: providerTexts.user },
        pulumi.mergeOptions(opts, own),
      );
    } catch (error) {
      throw stacks.withPlace(error);
    } finally {
      stacks.end();
    }
  }
}

checkRegistrations(typeTokens.user, (registration) => {
  const { props, opts, isRead } = registration;
  if (isRead) return props;
  // A transformation may have set another value.
  opts.deleteBeforeReplace = true;
  const holder = labelOf("User", registration);
  declarePlace(holder, registration);
  return { ...props, emailAddress: claim(holder, "user", props["emailAddress"] as unknown, opts) };
});
