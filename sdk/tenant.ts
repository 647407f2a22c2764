import * as pulumi from "@pulumi/pulumi";
import { AccessKey, type AccessKeyArgs } from "./accessKey";
import * as messages from "./messages";
import { RotatingAccessKey, type RotatingAccessKeyArgs } from "./rotatingAccessKey";
import { childOptions, componentOptions, type TenantOrigin } from "./tenantOptions";
import { hasType, tenantType, type Kind } from "./frontDoor";
import { User, type UserArgs, type UserStateName } from "./user";

/** The arguments of an AccessKey, without its user. */
export type TenantKeyArgs = Omit<AccessKeyArgs, "user">;

/** The arguments of a Tenant: those of a user, and either named keys or rotating keys. */
export interface TenantArgs<Name extends string = string> extends Omit<
  UserArgs,
  "createAccessKey"
> {
  /** Up to two access keys: a list of names, or a map from name to arguments. */
  keys?: readonly Name[] | Readonly<Record<Name, TenantKeyArgs>> | undefined;
  /** Instead of `keys`, a RotatingAccessKey: `{ every: "30d" }` or `{ generation: 1 }`. It takes both access keys of the user. */
  rotation?: Omit<RotatingAccessKeyArgs, "user"> | undefined;
  /**
   * Moves a user and keys of the same names, which the stack has outside of a tenant, into the tenant without a change on the
   * cluster: `"stack"` if they have no parent, else their parent. May stay in the program.
   */
  movedFrom?: TenantOrigin | undefined;
}

/**
 * A component with a `User` of its own name, and up to two `AccessKey`s named `<name>-<key>` or a `RotatingAccessKey`.
 * `movedFrom` moves an existing user and its keys into the tenant.
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

  /** Whether a value is a Tenant, also one of another copy of this package. */
  static override isInstance(value: unknown): value is Tenant<string> {
    return hasType(value, [tenantType]);
  }

  /** @throws pulumi.RunError for more than two keys, a key that is named twice or not at all, or keys together with a rotation */
  constructor(name: string, args: TenantArgs<Name>, opts: pulumi.ComponentResourceOptions = {}) {
    super(tenantType, name, {}, componentOptions(name, opts));
    const { keys = [], rotation, movedFrom, ...userArgs } = args;
    const named = keysByName(name, keys);
    requireSlots(name, Object.keys(named), rotation !== undefined);
    const child = (kind: Exclude<Kind, "Bucket">, ownName: string) =>
      childOptions(this, name, { kind, name: ownName }, opts, movedFrom);
    const user = new User(name, userArgs, child("User", name));
    this.user = user;
    this.emailAddress = user.emailAddress;
    this.userId = user.userId;
    this.state = user.state;
    const created = Object.entries(named).map(([key, keyArgs]) => [
      key,
      new AccessKey(`${name}-${key}`, { ...keyArgs, user }, child("AccessKey", `${name}-${key}`)),
    ]);
    this.keys = Object.fromEntries(created) as Record<Name, AccessKey>;
    this.rotating =
      rotation &&
      new RotatingAccessKey(name, { ...rotation, user }, child("RotatingAccessKey", name));
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
  if (twice !== undefined) throw messages.tenantKeyTwice(tenant, twice);
  if (names.includes("")) throw messages.tenantKeyUnnamed(tenant);
  if (!isList(keys)) return keys;
  return Object.fromEntries(keys.map((key) => [key, {}]));
}

function isList(keys: readonly string[] | object): keys is readonly string[] {
  return Array.isArray(keys);
}

function requireSlots(tenant: string, keys: string[], isRotating: boolean): void {
  if (keys.length > 2) throw messages.tenantKeys(tenant, keys);
  if (keys.length > 0 && isRotating) throw messages.tenantKeysAndRotation(tenant);
}
