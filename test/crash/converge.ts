import assert from "node:assert/strict";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { requireSuccess, type Run, type Stack } from "../engine/harness";
import { orphansOf, remove } from "./orphans";
import { declare, type Declared } from "./tenants";

/** One run reports some users, one reports the others, one reports keys, and one succeeds. */
const maximumRounds = 4;

/**
 * Follows the documentation after a killed run: runs the command again, after `pulumi cancel` if the engine's lock
 * requires it. A refusal must name a line that is not in the program yet. Adds that line and runs the command again,
 * now with `--continue-on-error`, because otherwise the engine starts nothing after the first refusals.
 */
export async function converge(
  stack: Stack,
  declared: Declared,
  command: "up" | "destroy",
): Promise<string[]> {
  const outputs: string[] = [];
  let hasAdopted = false;
  for (let round = 0; round < maximumRounds; round += 1) {
    const ended = await unlocked(stack, command, hasAdopted ? ["--continue-on-error"] : []);
    outputs.push(ended.output);
    const fixed = [adoptUsers(declared, ended), await revokeKeys(stack, ended)];
    const isAdopting = fixed.includes(true);
    hasAdopted ||= isAdopting;
    if (ended.code !== 0) {
      assert.ok(isAdopting, `${command} fails without a line that fixes it:\n${ended.output}`);
      declare(stack, declared);
    } else if (!hasAdopted) return outputs;
    // Adoption changes nothing, so one more run applies what is declared.
    else if (!isAdopting) {
      requireSuccess(await stack.up());
      return outputs;
    }
  }
  return assert.fail(`${command} does not converge:\n${outputs.join("\n")}`);
}

/** Removes the lock of a killed engine, and repairs a state file that was not completely written. */
async function unlocked(stack: Stack, command: "up" | "destroy", flags: string[]): Promise<Run> {
  const file = join(stack.directory, "state/.pulumi/stacks/engine/dev.json");
  const repairs = [
    () => {
      rmSync(`${file}.attrs`, { force: true });
    },
    () => {
      copyFileSync(`${file}.bak`, file);
    },
  ];
  // One lock and two repairs, then the run itself.
  for (let tries = 0; tries < 4; tries += 1) {
    const ended = await stack[command](...flags);
    if (ended.output.includes("the stack is currently locked")) {
      requireSuccess(await stack.pulumi(["cancel", "--yes"]));
    } else if (ended.output.includes("failed to load checkpoint")) {
      const repair = repairs.shift() ?? assert.fail(ended.output);
      repair();
    } else return ended;
  }
  return assert.fail(`the stack stays locked, or its state cannot be read`);
}

/** Revokes orphaned keys. A refusal does not name them, but it names the command that lists them. */
async function revokeKeys(stack: Stack, { code, output }: Run): Promise<boolean> {
  if (code === 0 || !/create a key of user .*npx pulumi-ostor orphans lists/.test(output))
    return false;
  const keys = (await orphansOf(stack)).filter(({ kind }) => kind === "key");
  for (const key of keys) await remove(stack, key);
  return keys.length > 0;
}

/** Adds the lines that refusals name to the program; returns false if none of them is new. */
function adoptUsers(declared: Declared, { output }: Run): boolean {
  const users = [...output.matchAll(/create user (\S+): it already exists .*adopt: "(\w+)"/g)];
  return write(
    declared.adoptUsers,
    users.map(([, address = "", id = ""]) => [address, id]),
  );
}

function write(lines: Record<string, string>, named: [string, string][]): boolean {
  const isNew = named.some(([address, id]) => lines[address] !== id);
  Object.assign(lines, Object.fromEntries(named));
  return isNew;
}
