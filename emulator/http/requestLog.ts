import type { SignatureVersion } from "../assumptions";

/** A received request. Contains no secret. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query as sent, without the signatures of presigned addresses. */
  readonly path: string;
  /**
   * `listUsers`, `getUser`, `getUserById`, `createUser`, `enableUser`, `disableUser`, `generateKey`,
   * `revokeKey`, `deleteUser`, `listBuckets`, `s3:…`; `notEmulated`, `unknownService`, `invalid`.
   */
  operation: string;
  /** Status of the response; 0 before it is sent, and if the connection was cut before it. */
  status: number;
  /** The signature version of the request, valid or not. Absent if it is unsigned. */
  signatureVersion?: SignatureVersion;
}

/** An emulator can run for days, so the oldest entries are dropped. */
const limits = { entries: 100_000, characters: 32 * 1024 * 1024 };

/** The received requests, limited by count and size. */
export class RequestLog {
  readonly entries: RecordedRequest[] = [];
  #characters = 0;

  constructor(private readonly limit = limits) {}

  /** Adds an entry. Its operation and status are set later. */
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

  /** Drops a tenth more than needed, so that not every request copies all entries. */
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
