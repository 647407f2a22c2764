import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { chance } from "./chance";

/** Another process that works on the same cluster, and detects changes to its users. */
export interface Bystander {
  /** Fails if something else changed one of its users. */
  check(): void;
  stop(): void;
}

const everyMs = 40;

/** Starts to create, delete and change its own users. */
export function startBystander({ cluster }: Emulator, seed: number): Bystander {
  const addresses = [0, 1, 2, 3].map((number) => `bystander${number}@crash.example`);
  const expected = new Map<string, unknown>();
  const problems: string[] = [];
  let steps = 0;
  const compare = (address: string) => {
    const now = cluster.user(address);
    try {
      assert.deepEqual(now, expected.get(address));
    } catch (error) {
      problems.push(`${address}: ${String(error)}`);
    }
    return now;
  };
  const timer = setInterval(() => {
    steps += 1;
    const address = addresses[chance(seed, `who${steps}`, addresses.length)] ?? "";
    const now = compare(address);
    const choice = chance(seed, `what${steps}`, 4);
    if (!now) cluster.createUser(address);
    else if (choice === 0) cluster.deleteUser(address);
    else if (choice === 1 && now.accessKeys.length < 2) cluster.generateKey(address);
    else if (choice === 2 && now.accessKeys[0]) cluster.revokeKey(now.accessKeys[0].accessKeyId);
    else cluster.setUserState(address, now.state === "enabled" ? "disabled" : "enabled");
    expected.set(address, cluster.user(address));
  }, everyMs);
  return {
    stop() {
      clearInterval(timer);
    },
    check() {
      addresses.forEach(compare);
      assert.deepEqual(problems, [], "a user of another process was changed");
    },
  };
}
