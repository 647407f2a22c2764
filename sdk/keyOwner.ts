import type * as pulumi from "@pulumi/pulumi";
import { claim, declarePlace, labelOf } from "./claims";
import { keysBesideRotation, threeKeys } from "./messages";
import { optionReasons } from "./optionMessages";
import { checkRegistrations, refuse } from "./options";
import { resourceOf } from "./owner";
import { appliedOption, registrationOf, type Registration } from "./registration";
import type { typeTokens } from "./texts";
import { User } from "./user";

/** The User that an argument names, directly or by one of its outputs; undefined for an address. */
export function ownerOf(user: pulumi.Input<string> | User | undefined): User | undefined {
  return resourceOf(user, User);
}

const slotsOf = new WeakMap<User, string[]>();

/**
 * Refuses a third key before anything is sent: of three creations at the same time, one would fail.
 *
 * @param slots - how many access keys the resource has
 * @throws pulumi.RunError
 */
export function claimSlots(user: User, name: string, slots: 1 | 2): void {
  const known = slotsOf.get(user) ?? [];
  const names = [...known, ...Array.from({ length: slots }, () => name)];
  slotsOf.set(user, names);
  if (names.length <= 2) return;
  if (slots === 1 && new Set(names).size === names.length) {
    throw threeKeys(name, names);
  }
  throw keysBesideRotation(name, [...new Set(names)]);
}

/** Deletes keys with their user, and refuses two resources that adopt one key. */
export function checkKeys(
  kind: "AccessKey" | "RotatingAccessKey",
  type: typeof typeTokens.accessKey | typeof typeTokens.rotation,
): void {
  checkRegistrations(type, (registration) => {
    const { props, opts, isRead } = registration;
    if (isRead) return props;
    const holder = labelOf(kind, registration);
    declarePlace(holder, registration);
    const deletedWith = userOfKey(kind, registration);
    if (deletedWith) opts.deletedWith = whileDeleted(deletedWith, registration.resource);
    if (!("adopt" in props)) return props;
    return { ...props, adopt: claim(holder, "access key", props["adopt"] as unknown, opts) };
  });
}

function userOfKey(
  kind: "AccessKey" | "RotatingAccessKey",
  { name, props, opts: { deletedWith } }: Registration,
): User | undefined {
  const owner = ownerOf(props["userId"] as pulumi.Output<string> | undefined);
  if (owner && deletedWith !== undefined && !isUser(deletedWith, owner)) {
    refuse(kind, name, "deletedWith", optionReasons.deletedWith);
  }
  return owner ?? (User.isInstance(deletedWith) ? deletedWith : undefined);
}

/** Whether a resource is the user, or the stand-in that another copy of this package created in `whileDeleted`. */
function isUser(resource: pulumi.Resource, user: User): boolean {
  return resource === user || Object.getPrototypeOf(resource) === user;
}

/**
 * A stand-in for a user, for `deletedWith` of a key: the engine then does not revoke the key before it deletes the user, so a
 * refused deletion leaves the key working. Its URN is empty unless the engine really deletes the user, because the engine
 * reports the key as deleted either way. The SDK reads the URN after the user is registered, when all its options are known.
 */
function whileDeleted(user: User, key: pulumi.Resource): pulumi.Resource {
  const urn = user.urn.apply((urn) => (isDeleted(user, key) ? urn : ""));
  return Object.create(user, { urn: { value: urn } }) as pulumi.Resource;
}

function isDeleted(user: User, key: pulumi.Resource): boolean {
  if (registrationOf(user)?.isRead !== false) return false;
  if (appliedOption(user, "retainOnDelete") !== false) return false;
  // The engine refuses to delete a protected user only after its keys have left the stack.
  return appliedOption(user, "protect") === false || appliedOption(key, "protect") === true;
}
