import * as pulumi from "@pulumi/pulumi";
import { AccessKey, type AccessKeyArgs } from "./accessKey";
import { RotatingAccessKey, type RotatingAccessKeyArgs } from "./rotatingAccessKey";
import { childOptions, componentOptions, type TenantOrigin } from "./tenantOptions";
import { hasType, tenantType, typeTokens } from "./texts";
import { User, type UserArgs, type UserStateName } from "./user";

/** A key of a tenant: what an AccessKey takes, but for its user. */
export type TenantKeyArgs = Omit<AccessKeyArgs, "user">;

/** A tenant as a program declares it: a user, and either named keys or rotating ones. */
export interface TenantArgs<Name extends string = string> extends Omit<
  UserArgs,
  "createAccessKey"
> {
  /** Up to two key pairs, by name: a list of names, or a map with what each takes. */
  keys?: readonly Name[] | Readonly<Record<Name, TenantKeyArgs>> | undefined;
  /** A RotatingAccessKey instead: `{ every: "30d" }` or `{ generation: 1 }`. It takes both slots. */
  rotation?: Omit<RotatingAccessKeyArgs, "user"> | undefined;
  /**
   * Moves a user and keys of the same names, which the program declared by themselves before, into the tenant without a
   * change on the cluster: `"stack"` if they had no parent, else their parent. May stay in the program.
   */
  movedFrom?: TenantOrigin | undefined;
}

/**
 * A tenant in one line: a `User` of the component's name with up to two `AccessKey`s named `<name>-<key>`, or a
 * `RotatingAccessKey`. `movedFrom` moves a user and keys that the program declared by themselves before.
 *
 * @example
 * const hooli = new ostor.Tenant("hooli", { emailAddress: "ops@hooli.example", keys: ["app"] });
 * export const appKeyId = hooli.keys.app.accessKeyId;
 */
export class Tenant<const Name extends string = never> extends pulumi.ComponentResource {
  /** @internal */
  static readonly __pulumiType = tenantType;

  readonly user: User;
  readonly emailAddress: pulumi.Output<string>;
  readonly userId: pulumi.Output<string>;
  readonly state: pulumi.Output<UserStateName>;
  /** The keys by name. */
  readonly keys: Readonly<Record<Name, AccessKey>>;
  /** The rotating keys; undefined unless `rotation` is given. */
  readonly rotating: RotatingAccessKey | undefined;

  /** Whether a value is of type Tenant; one of another copy of this package is too. */
  static override isInstance(value: unknown): value is Tenant<string> {
    return hasType(value, Tenant.__pulumiType);
  }

  /** @throws pulumi.RunError when more than two keys are declared, one twice or without a name, or keys beside a rotation */
  constructor(name: string, args: TenantArgs<Name>, opts: pulumi.ComponentResourceOptions = {}) {
    super(tenantType, name, {}, componentOptions(name, opts));
    const { keys = [], rotation, movedFrom, ...userArgs } = args;
    const named = keysByName(name, keys);
    requireSlots(name, Object.keys(named), rotation !== undefined);
    const child = (kind: "user" | "accessKey" | "rotation", ownName: string) =>
      childOptions(this, name, { type: typeTokens[kind], name: ownName }, opts, movedFrom);
    const user = new User(name, userArgs, child("user", name));
    this.user = user;
    this.emailAddress = user.emailAddress;
    this.userId = user.userId;
    this.state = user.state;
    const made = Object.entries(named).map(([key, keyArgs]) => [
      key,
      new AccessKey(`${name}-${key}`, { ...keyArgs, user }, child("accessKey", `${name}-${key}`)),
    ]);
    this.keys = Object.fromEntries(made) as Record<Name, AccessKey>;
    this.rotating =
      rotation && new RotatingAccessKey(name, { ...rotation, user }, child("rotation", name));
    const { emailAddress, userId, state } = this;
    this.registerOutputs({ emailAddress, userId, state });
  }
}

function keysByName(
  tenant: string,
  keys: readonly string[] | Readonly<Record<string, TenantKeyArgs>>,
): Readonly<Record<string, TenantKeyArgs>> {
  const names = isList(keys) ? keys : Object.keys(keys);
  const twice = names.find((key, index) => names.indexOf(key) !== index);
  if (twice !== undefined) {
    throw new pulumi.RunError(`Tenant ${tenant}: key ${twice} is declared twice; name each once`);
  }
  if (names.includes("")) throw new pulumi.RunError(`Tenant ${tenant}: a key has no name`);
  if (!isList(keys)) return keys;
  return Object.fromEntries(keys.map((key) => [key, {}]));
}

function isList(keys: readonly string[] | object): keys is readonly string[] {
  return Array.isArray(keys);
}

function requireSlots(tenant: string, keys: string[], isRotating: boolean): void {
  const problem = `Tenant ${tenant}: a user can have two key pairs`;
  if (keys.length > 2) {
    throw new pulumi.RunError(
      `${problem}, and ${keys.length} are declared (${keys.join(", ")}); remove what is too many`,
    );
  }
  if (keys.length > 0 && isRotating) {
    throw new pulumi.RunError(
      `${problem}, and a rotation takes both; give keys or rotation, and not both`,
    );
  }
}
