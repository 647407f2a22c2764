import assert from "node:assert/strict";
import { requireSuccess, type Stack } from "../engine/harness";

export interface Orphan {
  kind: "user" | "key";
  emailAddress: string;
  accessKeyIds: string[];
  /** The lines that adopt it. */
  adopt: string[];
  remove: string;
}

/**
 * Removes what a killed run created and no state contains, by the lines that `pulumi-ostor orphans` prints. Ignores
 * the users of the bystander, which are in no stack on purpose.
 */
export async function removeOrphans(stack: Stack): Promise<void> {
  for (const orphan of await orphansOf(stack)) await remove(stack, orphan);
  assert.deepEqual(await orphansOf(stack), []);
}

/** Runs the line that removes an orphan. */
export async function remove(stack: Stack, { remove: line }: Orphan): Promise<void> {
  const [npx, name, ...words] = line.split(" ");
  assert.deepEqual([npx, name], ["npx", "pulumi-ostor"]);
  // The state may still record it as being created, although the run has ended.
  requireSuccess(await stack.command([...words, "--after-kill"]));
}

/** The users and keys of tenants that are in no stack. */
export async function orphansOf(stack: Stack): Promise<Orphan[]> {
  const { code, output } = await stack.command(["orphans", "--json"]);
  assert.ok(code === 0 || code === 7, output);
  const { orphans } = JSON.parse(output) as { orphans: Orphan[] };
  return orphans.filter(({ emailAddress }) => emailAddress.startsWith("tenant"));
}
