import * as pulumi from "@pulumi/pulumi";
import { claim, declarePlace, labelOf } from "./claims";
import { checkRegistrations, refuse } from "./options";
import { resourceOf } from "./owner";
import { appliedOption, registrationOf, type Registration } from "./registration";
import type { typeTokens } from "./texts";
import { User } from "./user";

/** The User that was given, also as one of its own outputs: what else is a text. */
export function ownerOf(user: pulumi.Input<string> | User | undefined): User | undefined {
  return resourceOf(user, User);
}

const slotsOf = new WeakMap<User, string[]>();

/**
 * Refuses a third key before anything is sent: of three creates side by side, one would fail halfway.
 *
 * @param slots - how many pairs the resource takes
 * @throws pulumi.RunError
 */
export function claimSlots(user: User, name: string, slots: 1 | 2): void {
  const known = slotsOf.get(user) ?? [];
  const names = [...known, ...Array.from({ length: slots }, () => name)];
  slotsOf.set(user, names);
  if (names.length <= 2) return;
  if (slots === 1 && new Set(names).size === names.length) {
    throw new pulumi.RunError(
      `AccessKey ${name}: a user can have two key pairs, and three are declared for one user (${names.join(", ")}); remove one`,
    );
  }
  throw new pulumi.RunError(
    `${name}: a user can have two key pairs, and a RotatingAccessKey takes both, but more are declared for one user (${[...new Set(names)].join(", ")}); remove one`,
  );
}

/** Has keys deleted with their user, and refuses two resources that adopt one key. */
export function checkKeys(
  kind: "AccessKey" | "RotatingAccessKey",
  type: typeof typeTokens.accessKey | typeof typeTokens.rotation,
): void {
  checkRegistrations(type, (registration) => {
    const { props, opts, isRead } = registration;
    if (isRead) return props;
    const holder = labelOf(kind, registration);
    declarePlace(holder, registration);
    const deletedWith = userToGoWith(kind, registration);
    if (deletedWith) opts.deletedWith = whileDeleted(deletedWith, registration.resource);
    if (!("adopt" in props)) return props;
    return { ...props, adopt: claim(holder, "access key", props["adopt"] as unknown, opts) };
  });
}

function userToGoWith(
  kind: "AccessKey" | "RotatingAccessKey",
  { name, props, opts: { deletedWith } }: Registration,
): User | undefined {
  const owner = ownerOf(props["userId"] as pulumi.Output<string> | undefined);
  if (owner && deletedWith !== undefined && !isUser(deletedWith, owner)) {
    refuse(kind, name, "deletedWith", "a key is deleted with its user; remove it");
  }
  return owner ?? (User.isInstance(deletedWith) ? deletedWith : undefined);
}

/** Whether it is the user, or what another copy of this package made of it in `whileDeleted`. */
function isUser(resource: pulumi.Resource, user: User): boolean {
  return resource === user || Object.getPrototypeOf(resource) === user;
}

/**
 * A user, for `deletedWith` of a key: the engine then never asks for the key's revocation, so that a refused deletion of
 * the user cuts no one off. It is empty unless the engine really deletes the user when both leave the stack: the
 * engine reports the key as deleted either way. The SDK reads the URN after the user is registered, when all options
 * of the user are known.
 */
function whileDeleted(user: User, key: pulumi.Resource): pulumi.Resource {
  const urn = user.urn.apply((urn) => (isDeleted(user, key) ? urn : ""));
  return Object.create(user, { urn: { value: urn } }) as pulumi.Resource;
}

function isDeleted(user: User, key: pulumi.Resource): boolean {
  if (registrationOf(user)?.isRead !== false) return false;
  if (appliedOption(user, "retainOnDelete") !== false) return false;
  // The engine refuses to delete a protected user, but only after its keys have left the stack.
  return appliedOption(user, "protect") === false || appliedOption(key, "protect") === true;
}
