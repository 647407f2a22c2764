import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../emulator";
import type { Stack } from "../engine/harness";

/** What the program declares: tenants with one key each, every fourth one disabled. */
export interface Declared {
  count: number;
  /** Changing it rotates every key. */
  round: number;
  /** The ids to adopt that refusals named, by address. */
  adoptUsers: Record<string, string>;
}

const addressOf = (number: number) => `tenant${number}@crash.example`;
const stateOf = (number: number) => (number % 4 === 3 ? "disabled" : "enabled");

/** Writes the program: half of the keys are rotated create-first, half delete-first. */
export function declare(stack: Stack, { count, round, adoptUsers }: Declared): void {
  const file = join(stack.directory, "declared.json");
  writeFileSync(file, JSON.stringify({ count, round, adoptUsers }));
  stack.program(`
const { count, round, adoptUsers } = require(${JSON.stringify(file)});
for (let number = 0; number < count; number += 1) {
  const emailAddress = "tenant" + number + "@crash.example";
  const user = new ostor.User("tenant" + number, {
    emailAddress, state: number % 4 === 3 ? "disabled" : "enabled", adopt: adoptUsers[emailAddress],
  });
  new ostor.AccessKey("key" + number, {
    user, keepers: { round: String(round) },
    replaceOrder: number % 2 === 0 ? "create-first" : "delete-first",
  });
}`);
}

/** Fails unless cluster and state match the declaration exactly. */
export async function assertExact(stack: Stack, emulator: Emulator, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, number) => number);
  const resources = (await stack.resources()).filter(({ id }) => id !== undefined);
  const stored = (name: string) => resources.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs;
  const declared = numbers.map((number) => ({
    emailAddress: addressOf(number),
    userId: stored(`tenant${number}`)?.["userId"],
    state: stateOf(number),
    keys: [stored(`key${number}`)?.["accessKeyId"]],
  }));
  const found = tenantsOn(emulator).map(({ emailAddress, userId, state, accessKeys }) => ({
    emailAddress,
    userId,
    state,
    keys: accessKeys.map(({ accessKeyId }) => accessKeyId),
  }));
  const byAddress = (a: { emailAddress: string }, b: { emailAddress: string }) =>
    a.emailAddress.localeCompare(b.emailAddress);
  assert.deepEqual(found.sort(byAddress), declared.sort(byAddress));
}

function tenantsOn({ cluster }: Emulator) {
  return cluster.users().filter(({ emailAddress }) => emailAddress.startsWith("tenant"));
}
