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
 * Local parts of addresses that make calls fail, for demos without code. `fail-503+anything@…` works like
 * `fail-503@…`. Each except `slow` applies once per address, to the first write, and again after the user is
 * deleted.
 */
export const sentinels: Readonly<Record<string, Fault>> = {
  "fail-500": { kind: "status", status: 500 },
  "fail-503": { kind: "status", status: 503 },
  "fail-429": { kind: "status", status: 429, retryAfter: 1 },
  "lost-answer": { kind: "resetAfter" },
  "half-answer": { kind: "halfAnswer" },
  slow: { kind: "lateBefore", delayMs: 2000 },
};

/** The faults of sentinel addresses. */
export class Sentinels {
  readonly #used = new Set<string>();

  /** Returns the fault of a sentinel address, if it applies to the request. */
  take(operation: string, emailAddress: string | undefined): Fault | undefined {
    if (emailAddress === undefined || operation.startsWith("s3:")) return undefined;
    const fault = sentinels[/^([^@+]*)/.exec(emailAddress)?.[1] ?? ""];
    if (fault === undefined || fault.kind === "lateBefore") return fault;
    if (!writes.includes(operation) || this.#used.has(emailAddress)) return undefined;
    this.#used.add(emailAddress);
    return fault;
  }

  /** Call after a user was deleted. */
  reset(emailAddress: string): void {
    this.#used.delete(emailAddress);
  }
}
