/**
 * What this run knows of ids of users and access keys. The rule: an id that a resource of the program keeps or adopts is
 * claimed. Nothing that leaves the stack deletes a claimed id, and no other resource adopts it.
 */
export interface Claims {
  /** A resource of the program keeps these ids. */
  keep(ids: Iterable<string>): void;
  /** A resource of the program adopts an id: from before the first request on, so that two resources never share it. */
  adopt(id: string): void;
  /** The adoption failed: it may be tried again. Until then nothing deletes the id, for the program still names it. */
  reopen(id: string): void;
  /** This run created the id. No resource in state can name it yet, so it is no claim: an undo may delete it. */
  create(id: string): void;
  /** A resource of the program has this id in state, and is replaced. */
  giveUp(ids: Iterable<string>): void;
  /** The engine replaces the resource that kept these ids, although nothing in it asks for that. */
  release(ids: Iterable<string>): void;
  /** A resource in state has these ids, whatever the program says of them. */
  meet(ids: Iterable<string>): void;
  /** Whether the id must not be deleted. */
  isClaimed(id: string): boolean;
  /** Whether another resource of the program has the id, so that none may adopt it. */
  isTaken(id: string): boolean;
  isCreated(id: string): boolean;
  isGivenUp(id: string): boolean;
  /** Whether this run has come across the id: what it finds new on the cluster is another one. */
  isMet(id: string): boolean;
}

/** Opens the claims of one run. */
export function createClaims(): Claims {
  const taken = new Set<string>();
  const reopened = new Set<string>();
  const created = new Set<string>();
  const givenUp = new Set<string>();
  const met = new Set<string>();
  const addAll = (ids: Iterable<string>, ...sets: Set<string>[]) => {
    for (const id of ids) for (const set of sets) set.add(id);
  };
  const isClaimed = (id: string) => taken.has(id) || reopened.has(id);
  return {
    keep: (ids) => {
      addAll(ids, taken);
    },
    adopt: (id) => {
      addAll([id], taken);
    },
    reopen(id) {
      taken.delete(id);
      reopened.add(id);
    },
    create: (id) => {
      addAll([id], created);
    },
    giveUp: (ids) => {
      addAll(ids, givenUp);
    },
    release(ids) {
      for (const id of ids) taken.delete(id);
      addAll(ids, givenUp);
    },
    meet: (ids) => {
      addAll(ids, met);
    },
    isClaimed,
    isTaken: (id) => taken.has(id) || created.has(id),
    isCreated: (id) => created.has(id),
    isGivenUp: (id) => givenUp.has(id),
    isMet: (id) => [created, givenUp, met].some((set) => set.has(id)) || isClaimed(id),
  };
}
