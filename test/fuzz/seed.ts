import { randomInt } from "node:crypto";
import fc from "fast-check";

/** One seed for the whole run: `FUZZ_SEED=… npm run test:fuzz` repeats a failure. */
export const seed = Number(process.env["FUZZ_SEED"] ?? randomInt(2 ** 31));

/** `FUZZ_RUNS=10` tries ten times as many cases as `npm run test:all`. */
const scale = Number(process.env["FUZZ_RUNS"] ?? (process.env["PULUMI_OSTOR_TEST_ALL"] ? 1 : 0.3));

let counted = 0;

/** The number of cases so far, without shrinking. */
export function cases(): number {
  return counted;
}

/** A suite's title with the seed that repeats it. */
export function seeded(title: string): string {
  return `${title} (FUZZ_SEED=${seed})`;
}

/**
 * Checks that something holds for `runs` arbitrary values.
 *
 * @param salt - gives similar checks different values from the same seed
 */
export async function holds<T>(
  runs: number,
  values: fc.Arbitrary<T>,
  check: (value: T) => void | Promise<void>,
  salt = 0,
): Promise<void> {
  let hasFailed = false;
  const property = fc.asyncProperty(values, async (value) => {
    if (!hasFailed) counted += 1;
    try {
      await check(value);
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  });
  await fc.assert(property, { seed: seed + salt, numRuns: Math.ceil(runs * scale) });
}
