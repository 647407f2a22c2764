import type { Bag } from "./lifecycle";

/**
 * What the program of this run takes over, by its own words. Only what the program declares is checked: what it no
 * longer declares, and a `destroy` or `refresh`, add nothing.
 */
export interface Adoptions {
  /** Notes what a resource's checked inputs say. */
  declare(inputs: Bag): void;
  /** Whether a resource takes over the user, or the pair of the user, that has this id. */
  has(emailAddress: string, id: string): boolean;
}

/** Opens an empty set. */
export function createAdoptions(): Adoptions {
  const declared = new Set<string>();
  const keyOf = (emailAddress: string, id: string) => `${emailAddress.toLowerCase()} ${id}`;
  return {
    declare({ emailAddress, user = emailAddress, adopt }) {
      if (typeof user === "string" && typeof adopt === "string") declared.add(keyOf(user, adopt));
    },
    has: (emailAddress, id) => declared.has(keyOf(emailAddress, id)),
  };
}
