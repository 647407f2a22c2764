interface Write<T> {
  readonly at: number;
  readonly key: string;
  readonly before: T | undefined;
}

/**
 * The values before each recent write, for deliberately stale reads: the S3 storage is documented as
 * eventually consistent, and the management data is not documented.
 */
export class History<T> {
  #writes: Write<T>[] = [];

  constructor(
    private readonly lagMs: number,
    private readonly clock: () => number,
  ) {}

  /** Call before a write of `key`. */
  note(key: string, before: T | undefined): void {
    if (this.lagMs > 0) this.#writes.push({ at: this.clock(), key, before });
  }

  /** The table without the writes of the last `lagMs`. */
  seen(current: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
    const since = this.clock() - this.lagMs;
    this.#writes = this.#writes.filter((write) => write.at > since);
    if (this.#writes.length === 0) return current;
    const seen = new Map(current);
    for (const { key, before } of [...this.#writes].reverse()) {
      if (before === undefined) seen.delete(key);
      else seen.set(key, before);
    }
    return seen;
  }
}
