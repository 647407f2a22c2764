import { History } from "./history";

/** An access key: its id and secret. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A user. Never changed in place: each write replaces it. */
export interface User {
  readonly emailAddress: string;
  readonly userId: string;
  readonly state: "enabled" | "disabled";
  readonly flags: readonly string[];
  readonly accessKeys: readonly AccessKey[];
}

/** Users by address, id and access key, without the rules of `users.ts`. */
export class UserTable {
  readonly #users = new Map<string, User>();
  readonly #addresses = new Map<string, string>();
  readonly #history: History<User>;
  /** Called after each change. */
  onWrite: () => void = () => undefined;

  constructor(lagMs: number, clock: () => number) {
    this.#history = new History(lagMs, clock);
  }

  get(emailAddress: string): User | undefined {
    return this.#users.get(emailAddress);
  }

  byId(userId: string): User | undefined {
    return this.#byIndex(userId);
  }

  byAccessKeyId(accessKeyId: string): User | undefined {
    return this.#byIndex(`key ${accessKeyId}`);
  }

  all(): User[] {
    return [...this.#users.values()];
  }

  /** The users that a management read returns. They may be stale. */
  seen(): ReadonlyMap<string, User> {
    return this.#history.seen(this.#users);
  }

  put(user: User): void {
    const before = this.#users.get(user.emailAddress);
    this.#history.note(user.emailAddress, before);
    if (before) this.#forget(before);
    this.#users.set(user.emailAddress, user);
    for (const index of indexes(user)) this.#addresses.set(index, user.emailAddress);
    this.onWrite();
  }

  remove(user: User): void {
    this.#history.note(user.emailAddress, user);
    this.#forget(user);
    this.#users.delete(user.emailAddress);
    this.onWrite();
  }

  #byIndex(index: string): User | undefined {
    const emailAddress = this.#addresses.get(index);
    return emailAddress === undefined ? undefined : this.#users.get(emailAddress);
  }

  #forget(user: User): void {
    for (const index of indexes(user)) this.#addresses.delete(index);
  }
}

function indexes(user: User): string[] {
  return [user.userId, ...user.accessKeys.map((key) => `key ${key.accessKeyId}`)];
}
