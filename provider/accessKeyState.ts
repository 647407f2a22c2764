import { z } from "zod";
import { readStored } from "./check";
import type { Bag } from "./lifecycle";
import { secret } from "./secret";

/** A key as the program declares it. `userId` goes along when it was given a User. */
export interface AccessKeyInputs {
  user: string;
  userId?: string;
  keepers?: Record<string, unknown>;
  replaceOrder: "create-first" | "delete-first";
  adopt?: string;
}

/** A key as stored. */
export interface AccessKeyState {
  emailAddress: string;
  userId: string;
  accessKeyId: string;
  secretAccessKey?: string;
  keepers?: Record<string, unknown>;
}

const shape = z.object({
  emailAddress: z.string().default(""),
  userId: z.string().default(""),
  accessKeyId: z.string().default(""),
  secretAccessKey: z.string().optional(),
  keepers: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Reads what an engine stored, by any release.
 *
 * @throws Error that names the property that can't be read
 */
export function keyState(bag: Bag): AccessKeyState {
  const { secretAccessKey, keepers, ...known } = readStored("read key", shape, bag);
  return {
    ...known,
    ...(secretAccessKey === undefined ? {} : { secretAccessKey }),
    ...(keepers === undefined ? {} : { keepers }),
  };
}

/** What the engine is to store: the secret marked, absent while nobody tells it. */
export function stored(state: AccessKeyState, secretAccessKey: string | undefined): Bag {
  const { secretAccessKey: _, ...plain } = state;
  return secretAccessKey === undefined
    ? plain
    : { ...plain, secretAccessKey: secret(secretAccessKey) };
}

/** Adds keepers, which only count by being compared. */
export function withKeepers(outs: Bag, keepers: Record<string, unknown> | undefined): Bag {
  return keepers === undefined ? outs : { ...outs, keepers };
}

/** Inputs as the cluster shows them, for the engine to compare with the program's. */
export function inputsOf(state: AccessKeyState): Bag {
  const { emailAddress: user, keepers } = state;
  return withKeepers({ user, userId: state.userId, replaceOrder: "create-first" }, keepers);
}
