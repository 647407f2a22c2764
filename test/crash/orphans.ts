import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import type { Stack } from "../engine/harness";
import { excessOf } from "./tenants";

/** Every pair that no state holds was named by a run; it is revoked. */
export async function clearExcess(stack: Stack, emulator: Emulator, told: string[]): Promise<void> {
  for (const id of await excessOf(stack, emulator)) {
    assert.ok(
      told.some((text) => text.includes(id)),
      `nobody named pair ${id}`,
    );
    emulator.cluster.revokeKey(id);
  }
}
