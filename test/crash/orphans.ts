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
 * its line. A run has named it before. The bystander's users are in no stack, on purpose.
 */
export async function removeOrphans(stack: Stack, told: string[]): Promise<void> {
  for (const { accessKeyIds, remove } of await orphansOf(stack)) {
    for (const id of accessKeyIds) {
      assert.ok(
        told.some((text) => text.includes(id)),
        `no run named pair ${id}:\n${told.join("\n")}`,
      );
    }
    const [npx, name, ...words] = remove.split(" ");
    assert.deepEqual([npx, name], ["npx", "pulumi-ostor"]);
    // The state may still say that it is being created: the run that did is dead.
    requireSuccess(await stack.command([...words, "--after-kill"]));
  }
  assert.deepEqual(await orphansOf(stack), []);
}

/** What of the tenants is in no stack. */
export async function orphansOf(stack: Stack): Promise<Orphan[]> {
  const { code, output } = await stack.command(["orphans", "--json"]);
  assert.ok(code === 0 || code === 7, output);
  const { orphans } = JSON.parse(output) as { orphans: Orphan[] };
  return orphans.filter(({ emailAddress }) => emailAddress.startsWith("tenant"));
}
