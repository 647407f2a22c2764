import type { SignatureVersion } from "../assumptions";

/** A request that reached the emulator. Holds no secret. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query as sent; signatures of presigned addresses are blotted out. */
  readonly path: string;
  /**
   * `listUsers`, `getUser`, `getUserById`, `createUser`, `enableUser`, `disableUser`, `generateKey`,
   * `revokeKey`, `deleteUser`, `listBuckets`, `s3:…`; `notEmulated`, `unknownService`, `invalid`.
   */
  operation: string;
  /** Of the answer; 0 while there is none and when the connection was cut before one. */
  status: number;
  /** As the request claims, right or wrong; absent on an unsigned one. */
  signatureVersion?: SignatureVersion;
}

/** An emulator that runs for days must not grow: the oldest entries are dropped. */
const most = { entries: 100_000, characters: 32 * 1024 * 1024 };

/** The requests that arrived, bounded by count and by size. */
export class RequestLog {
  readonly entries: RecordedRequest[] = [];
  #characters = 0;

  constructor(private readonly limit = most) {}

  /** Adds an entry whose operation and status are filled in later. */
  add(method: string, target: string): RecordedRequest {
    const path = target.replace(/\b(X-Amz-Signature|Signature)=[^&]*/g, "$1=***");
    const entry: RecordedRequest = { method, path, operation: "invalid", status: 0 };
    this.entries.push(entry);
    this.#characters += path.length;
    if (this.#isFull()) this.#shrink();
    return entry;
  }

  clear(): void {
    this.entries.length = 0;
    this.#characters = 0;
  }

  #isFull(): boolean {
    const { entries, characters } = this.limit;
    return this.entries.length > entries || this.#characters > characters;
  }

  /** Drops a tenth more than needed, so that not every request moves all entries. */
  #shrink(): void {
    const { entries, characters } = this.limit;
    let [count, size] = [0, 0];
    for (const { path } of [...this.entries].reverse()) {
      if (count >= entries * 0.9 || size + path.length > characters * 0.9) break;
      count += 1;
      size += path.length;
    }
    this.entries.splice(0, this.entries.length - Math.max(count, 1));
    this.#characters = size;
  }
}
