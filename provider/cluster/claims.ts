/**
 * The ids of the users and access keys that resources of this run's program keep or adopt. What is claimed is not deleted,
 * and cannot be adopted a second time.
 */
export interface Claims {
  add(ids: Iterable<string>): void;
  has(id: string): boolean;
}

/** Opens an empty set of claims. */
export function createClaims(): Claims {
  const claimed = new Set<string>();
  return {
    add(ids) {
      for (const id of ids) claimed.add(id);
    },
    has: (id) => claimed.has(id),
  };
}
