import type { Fault } from "./faults";

const writes = [
  "createUser",
  "enableUser",
  "disableUser",
  "generateKey",
  "revokeKey",
  "deleteUser",
];

/**
 * Local parts of addresses that make calls fail, so that a demo can show a failure without code.
 * `fail-503+anything@…` works like `fail-503@…`. Each but `slow` strikes once for an address, at the
 * first call that changes something, and once more after the user was deleted.
 */
export const sentinels: Readonly<Record<string, Fault>> = {
  "fail-500": { kind: "status", status: 500 },
  "fail-503": { kind: "status", status: 503 },
  "fail-429": { kind: "status", status: 429, retryAfter: 1 },
  "lost-answer": { kind: "resetAfter" },
  "half-answer": { kind: "halfAnswer" },
  slow: { kind: "lateBefore", delayMs: 2000 },
};

/** Remembers which sentinel addresses have struck. */
export class Sentinels {
  readonly #struck = new Set<string>();

  /** The fault of a sentinel address, if it strikes now. */
  take(operation: string, emailAddress: string | undefined): Fault | undefined {
    if (emailAddress === undefined || operation.startsWith("s3:")) return undefined;
    const fault = sentinels[/^([^@+]*)/.exec(emailAddress)?.[1] ?? ""];
    if (fault === undefined || fault.kind === "lateBefore") return fault;
    if (!writes.includes(operation) || this.#struck.has(emailAddress)) return undefined;
    this.#struck.add(emailAddress);
    return fault;
  }

  /** To call when a user was deleted. */
  rearm(emailAddress: string): void {
    this.#struck.delete(emailAddress);
  }
}
