import { createHash } from "node:crypto";

/** A whole number from 0 up to, but not including, a bound. It is the same for the same seed and name. */
export function chance(seed: number, name: string, bound: number): number {
  return createHash("sha256").update(`${seed}:${name}`).digest().readUInt32BE() % bound;
}
