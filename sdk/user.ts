import * as pulumi from "@pulumi/pulumi";
import { claim, declarePlace, labelOf } from "./claims";
import { checkRegistrations, refuseUrn } from "./options";
import { ifSecret } from "./secretness";
import { shortenStacks } from "./shortStacks";
import { hasType, providerText, typeOf, typesOf, unset, withPlugin } from "./frontDoor";

/** Whether a user has access to the cluster. */
export type UserStateName = "enabled" | "disabled";

/** The arguments of a User. */
export interface UserArgs {
  /** The e-mail address. The service cannot rename a user: a change replaces it. */
  emailAddress: pulumi.Input<string>;
  /** `"enabled"` (default), or `"disabled"`: no access to S3; keys and buckets stay. Updated in place. */
  state?: pulumi.Input<UserStateName> | undefined;
  /**
   * Whether the user keeps the access key that the service creates with each user, in `accessKeyId` and `secretAccessKey`.
   * Default false: the key is revoked at once, and both slots are free for `AccessKey`s.
   */
  createAccessKey?: pulumi.Input<boolean> | undefined;
  /** Whether the deletion of the user deletes its empty buckets first; default false. Buckets with data are never deleted. */
  deleteEmptyBuckets?: pulumi.Input<boolean> | undefined;
  /**
   * Adopts the existing user with exactly this user id. Ignored once the resource is in the stack, so it may stay in the
   * program.
   */
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
 * The deletion of a user that owns buckets is refused, and its keys keep working.
 *
 * @example
 * const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example", state: "enabled" });
 * export const userId = tenant.userId;
 */
export class User extends pulumi.CustomResource {
  declare public readonly emailAddress: pulumi.Output<string>;
  declare public readonly state: pulumi.Output<UserStateName>;
  declare public readonly createAccessKey: pulumi.Output<boolean>;
  declare public readonly deleteEmptyBuckets: pulumi.Output<boolean>;
  /** 16 hexadecimal digits, assigned by the service. */
  declare public readonly userId: pulumi.Output<string>;
  /** As the service returns it. */
  declare public readonly ownerId: pulumi.Output<string | undefined>;
  /** As the service returns them, such as `system`. */
  declare public readonly flags: pulumi.Output<string[]>;
  /** Id of the user's own access key; absent if it has none. */
  declare public readonly accessKeyId: pulumi.Output<string | undefined>;
  /** Secret of the user's own access key; always a secret output. */
  declare public readonly secretAccessKey: pulumi.Output<string | undefined>;

  /** Reads an existing user by its e-mail address. The stack does not manage it. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): User {
    return new User(name, {} as UserArgs, { ...opts, id });
  }

  /** Whether a value is a User, also one of another copy of this package. */
  static override isInstance(value: unknown): value is User {
    return hasType(value, typesOf("User"));
  }

  constructor(name: string, args: UserArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseUrn("User", name, opts);
    const read = opts.id !== undefined && { emailAddress: ifSecret(opts.id) };
    const inputs = { ...unset(properties), ...args, ...read };
    const own = {
      additionalSecretOutputs: ["secretAccessKey"],
      // A forced replacement does not call `diff`: without this the address would still be in use.
      deleteBeforeReplace: true,
    };
    const stacks = shortenStacks(User);
    try {
      super(
        typeOf("User"),
        name,
        { ...inputs, ...providerText("User") },
        withPlugin("User", pulumi.mergeOptions(opts, own)),
      );
    } catch (error) {
      throw stacks.withPlace(error);
    } finally {
      stacks.end();
    }
  }
}

checkRegistrations("User", (registration) => {
  const { props, opts, isRead } = registration;
  if (isRead) return props;
  // A transformation may have set another value.
  opts.deleteBeforeReplace = true;
  const holder = labelOf("User", registration);
  declarePlace(holder, registration);
  return { ...props, emailAddress: claim(holder, "user", props["emailAddress"] as unknown, opts) };
});
