import { createHash } from "node:crypto";

/** Whole numbers from 0 up to, not including, a bound: the same for the same seed and name. */
export function chance(seed: number, name: string, bound: number): number {
  return createHash("sha256").update(`${seed}:${name}`).digest().readUInt32BE() % bound;
}
