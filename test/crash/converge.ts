import assert from "node:assert/strict";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { requireSuccess, type Run, type Stack } from "../engine/harness";
import { orphansOf, remove } from "./orphans";
import { declare, type Declared } from "./tenants";

/** One run that names some users, one that names the others, one that names keys, and one that ends well. */
const longest = 4;

/**
 * Does what the documentation says after a killed run: the command again, `pulumi cancel` first where the engine's
 * lock demands it. A refusal must hold a line to write that isn't there yet; it is written, and the command given again,
 * now for all refusals: the engine begins nothing more after the first ones.
 */
export async function converge(
  stack: Stack,
  declared: Declared,
  command: "up" | "destroy",
): Promise<string[]> {
  const told: string[] = [];
  let hasAdopted = false;
  for (let round = 0; round < longest; round += 1) {
    const ended = await unlocked(stack, command, hasAdopted ? ["--continue-on-error"] : []);
    told.push(ended.output);
    const fixed = [adoptUsers(declared, ended), await revokeKeys(stack, ended)];
    const isAdopting = fixed.includes(true);
    hasAdopted ||= isAdopting;
    if (ended.code !== 0) {
      assert.ok(isAdopting, `${command} fails without the line that mends it:\n${ended.output}`);
      declare(stack, declared);
    } else if (!hasAdopted) return told;
    // What was adopted was left as it was: one more run brings it to what is declared.
    else if (!isAdopting) {
      requireSuccess(await stack.up());
      return told;
    }
  }
  return assert.fail(`${command} doesn't converge:\n${told.join("\n")}`);
}

/** Removes the lock of a dead engine, and mends the state file that it was killed in the middle of writing. */
async function unlocked(stack: Stack, command: "up" | "destroy", flags: string[]): Promise<Run> {
  const file = join(stack.directory, "state/.pulumi/stacks/engine/dev.json");
  const mendings = [
    () => {
      rmSync(`${file}.attrs`, { force: true });
    },
    () => {
      copyFileSync(`${file}.bak`, file);
    },
  ];
  // A lock and two mendings, then the run itself.
  for (let tries = 0; tries < 4; tries += 1) {
    const ended = await stack[command](...flags);
    if (ended.output.includes("the stack is currently locked")) {
      requireSuccess(await stack.pulumi(["cancel", "--yes"]));
    } else if (ended.output.includes("failed to load checkpoint")) {
      const mend = mendings.shift() ?? assert.fail(ended.output);
      mend();
    } else return ended;
  }
  return assert.fail(`the stack stays locked, or its state can't be read`);
}

/** Which key takes the slot no refusal says: it names the command that does, whose lines revoke it. */
async function revokeKeys(stack: Stack, { code, output }: Run): Promise<boolean> {
  if (code === 0 || !/create a key of user .*npx pulumi-ostor orphans lists/.test(output))
    return false;
  const keys = (await orphansOf(stack)).filter(({ kind }) => kind === "key");
  for (const key of keys) await remove(stack, key);
  return keys.length > 0;
}

/** Writes the lines that refusals name into the program; false when there is none, or none that is new. */
function adoptUsers(declared: Declared, { output }: Run): boolean {
  const users = [...output.matchAll(/create user (\S+): it already exists .*adopt: "(\w+)"/g)];
  return write(
    declared.adoptUsers,
    users.map(([, address = "", id = ""]) => [address, id]),
  );
}

function write(lines: Record<string, string>, told: [string, string][]): boolean {
  const isNew = told.some(([address, id]) => lines[address] !== id);
  Object.assign(lines, Object.fromEntries(told));
  return isNew;
}
