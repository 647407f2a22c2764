import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { chance } from "./chance";

/** Somebody else who works on the same cluster, and notices when a user isn't as it was left. */
export interface Bystander {
  /** Fails when one of its users was touched. */
  check(): void;
  stop(): void;
}

const everyMs = 40;

/** Starts making, re-making and changing users of its own. */
export function startBystander({ cluster }: Emulator, seed: number): Bystander {
  const addresses = [0, 1, 2, 3].map((number) => `bystander${number}@crash.example`);
  const left = new Map<string, unknown>();
  const problems: string[] = [];
  let steps = 0;
  const see = (address: string) => {
    const now = cluster.user(address);
    try {
      assert.deepEqual(now, left.get(address));
    } catch (error) {
      problems.push(`${address}: ${String(error)}`);
    }
    return now;
  };
  const timer = setInterval(() => {
    steps += 1;
    const address = addresses[chance(seed, `who${steps}`, addresses.length)] ?? "";
    const now = see(address);
    const choice = chance(seed, `what${steps}`, 4);
    if (!now) cluster.createUser(address);
    else if (choice === 0) cluster.deleteUser(address);
    else if (choice === 1 && now.accessKeys.length < 2) cluster.generateKey(address);
    else if (choice === 2 && now.accessKeys[0]) cluster.revokeKey(now.accessKeys[0].accessKeyId);
    else cluster.setUserState(address, now.state === "enabled" ? "disabled" : "enabled");
    left.set(address, cluster.user(address));
  }, everyMs);
  return {
    stop() {
      clearInterval(timer);
    },
    check() {
      addresses.forEach(see);
      assert.deepEqual(problems, [], "somebody else's user was touched");
    },
  };
}
