import type { ApiUser } from "./api/schemas";

/**
 * Who has an address for sure: the users of one list, taken before this run made its first one, those that it made
 * or adopted since, and none that it deleted. Whom a creation finds after a lost answer is not its own if in here.
 */
export interface Roster {
  /**
   * Whether somebody has exactly this address. Only the first question of a run is one to the service.
   *
   * @throws NetworkError, ApiError, ShapeError
   */
  holds(emailAddress: string): Promise<boolean>;
  /** Whether this very user is in here; ask after `holds`. */
  knows(userId: string): boolean;
  /** Whether this run deleted the user: where reads are late it may still show. */
  hasDropped(userId: string): boolean;
  /** The address of a user whom this run deleted. */
  droppedFrom(userId: string | undefined): string | undefined;
  add(user: ApiUser): void;
  drop(emailAddress: string, userId: string): void;
}

/** Opens a roster that isn't filled yet; `list` tells all users. */
export function createRoster(list: () => Promise<ApiUser[]>): Roster {
  const ids = new Set<string>();
  const addresses = new Set<string>();
  const dropped = new Map<string, string>();
  let filled: Promise<void> | undefined;
  const add = ({ emailAddress, userId }: ApiUser) => {
    ids.add(userId);
    addresses.add(emailAddress);
    dropped.delete(userId);
  };
  const fill = async () => {
    for (const user of await list()) if (!dropped.has(user.userId)) add(user);
  };
  return {
    async holds(emailAddress) {
      filled ??= fill().catch((error: unknown) => {
        filled = undefined;
        throw error;
      });
      await filled;
      return addresses.has(emailAddress);
    },
    knows: (userId) => ids.has(userId),
    hasDropped: (userId) => dropped.has(userId),
    droppedFrom: (userId) => (userId === undefined ? undefined : dropped.get(userId)),
    add,
    drop(emailAddress, userId) {
      ids.delete(userId);
      addresses.delete(emailAddress);
      dropped.set(userId, emailAddress);
    },
  };
}
