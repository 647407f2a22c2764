import type * as pulumi from "@pulumi/pulumi";
import { claim, declarePlace, labelOf } from "./claims";
import { keysBesideRotation, threeKeys } from "./messages";
import { optionReasons } from "./optionMessages";
import { checkRegistrations, refuse } from "./options";
import { resourceOf } from "./owner";
import { appliedOption, registrationOf, type Registration } from "./registration";
import { User } from "./user";

/** The User that an argument contains, as a resource or as one of its outputs; undefined for an address. */
export function ownerOf(user: pulumi.Input<string> | User | undefined): User | undefined {
  return resourceOf(user, User);
}

const slotsOf = new WeakMap<User, string[]>();

/**
 * Refuses a third key before anything is sent. The service would refuse one of the three only after it created the
 * others.
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

/** Sets `deletedWith` of each key to its user, and refuses a second resource that adopts the same key. */
export function checkKeys(kind: "AccessKey" | "RotatingAccessKey"): void {
  checkRegistrations(kind, (registration) => {
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

/** Whether a resource is the user, or what `whileDeleted` of another copy of this package returned for it. */
function isUser(resource: pulumi.Resource, user: User): boolean {
  return resource === user || Object.getPrototypeOf(resource) === user;
}

/**
 * The value of `deletedWith` for a key. With this option the engine does not revoke the key before it deletes the user,
 * so the key still works if the deletion is refused. But the engine removes the key from state even if it keeps the
 * user. So this copy of the user has an empty URN, which disables the option, unless the engine deletes the user too.
 * The SDK reads the URN after the user is registered, when all its options are known.
 */
function whileDeleted(user: User, key: pulumi.Resource): pulumi.Resource {
  const urn = user.urn.apply((urn) => (isDeleted(user, key) ? urn : ""));
  return Object.create(user, { urn: { value: urn } }) as pulumi.Resource;
}

function isDeleted(user: User, key: pulumi.Resource): boolean {
  if (registrationOf(user)?.isRead !== false) return false;
  if (appliedOption(user, "retainOnDelete") !== false) return false;
  // A protected user is not deleted, but the engine refuses that only after it removed the keys from the stack.
  return appliedOption(user, "protect") === false || appliedOption(key, "protect") === true;
}
