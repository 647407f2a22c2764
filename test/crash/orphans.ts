import assert from "node:assert/strict";
import { requireSuccess, type Stack } from "../engine/harness";

export interface Orphan {
  kind: "user" | "key";
  emailAddress: string;
  accessKeyIds: string[];
  /** The lines that take it over. */
  adopt: string[];
  remove: string;
}

/**
 * Does what `pulumi-ostor orphans` says about tenants: what a killed run left, and no state holds, is removed by
 * its line. The bystander's users are in no stack, on purpose.
 */
export async function removeOrphans(stack: Stack): Promise<void> {
  for (const orphan of await orphansOf(stack)) await remove(stack, orphan);
  assert.deepEqual(await orphansOf(stack), []);
}

/** Removes one by its line. */
export async function remove(stack: Stack, { remove: line }: Orphan): Promise<void> {
  const [npx, name, ...words] = line.split(" ");
  assert.deepEqual([npx, name], ["npx", "pulumi-ostor"]);
  // The state may still say that it is being created: the run that did is dead.
  requireSuccess(await stack.command([...words, "--after-kill"]));
}

/** What of the tenants is in no stack. */
export async function orphansOf(stack: Stack): Promise<Orphan[]> {
  const { code, output } = await stack.command(["orphans", "--json"]);
  assert.ok(code === 0 || code === 7, output);
  const { orphans } = JSON.parse(output) as { orphans: Orphan[] };
  return orphans.filter(({ emailAddress }) => emailAddress.startsWith("tenant"));
}
