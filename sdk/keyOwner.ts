import * as pulumi from "@pulumi/pulumi";
import { User } from "./user";

/** The User that was given, also as its own `emailAddress` or `id`: what else is a text. */
export function ownerOf(user: pulumi.Input<string> | User | undefined): User | undefined {
  if (User.isInstance(user)) return user;
  if (!pulumi.Output.isInstance(user)) return undefined;
  const { resources } = user as unknown as { resources?: () => Set<pulumi.Resource> };
  const users = [...(resources?.call(user) ?? [])].filter((each) => User.isInstance(each));
  const output: unknown = user;
  return users.find(({ emailAddress, id }) => output === emailAddress || output === id);
}

const claims = new WeakMap<User, string[]>();

/**
 * Refuses a third key before anything is sent: of three creates side by side, one would fail halfway.
 *
 * @param slots - how many pairs the resource takes
 * @throws pulumi.RunError
 */
export function claimSlots(user: User, name: string, slots: 1 | 2): void {
  const known = claims.get(user) ?? [];
  const names = [...known, ...Array.from({ length: slots }, () => name)];
  claims.set(user, names);
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
