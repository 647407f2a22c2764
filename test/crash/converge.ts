import assert from "node:assert/strict";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { requireSuccess, type Run, type Stack } from "../engine/harness";
import { orphansOf } from "./orphans";
import { declare, type Declared } from "./tenants";

const longest = 4;

/**
 * Does what the documentation says after a killed run: the command again, `pulumi cancel` first where the engine's
 * lock demands it. A refusal must hold the line to write; it is written, and the command given again.
 */
export async function converge(
  stack: Stack,
  declared: Declared,
  command: "up" | "destroy",
): Promise<string[]> {
  const told: string[] = [];
  for (let round = 0; round < longest; round += 1) {
    const ended = await unlocked(stack, command);
    told.push(ended.output);
    const isAdopting =
      adopt(declared, ended.output) || (await adoptOrphans(stack, declared, ended));
    if (ended.code !== 0) {
      assert.ok(isAdopting, `${command} fails without the line that mends it:\n${ended.output}`);
      declare(stack, declared);
    } else if (round === 0 || !told.some((text) => text.includes("adopt:"))) return told;
    // What was adopted was left as it was: one more run brings it to what is declared.
    else if (!isAdopting) {
      requireSuccess(await stack.up());
      return told;
    }
  }
  return assert.fail(`${command} doesn't converge:\n${told.join("\n")}`);
}

/** Removes the lock of a dead engine, and mends the state file that it was killed in the middle of writing. */
async function unlocked(stack: Stack, command: "up" | "destroy"): Promise<Run> {
  const file = join(stack.directory, "state/.pulumi/stacks/engine/dev.json");
  const mendings = [
    () => {
      rmSync(`${file}.attrs`, { force: true });
    },
    () => {
      copyFileSync(`${file}.bak`, file);
    },
  ];
  for (let tries = 0; tries < longest; tries += 1) {
    const ended = await stack[command]();
    if (ended.output.includes("the stack is currently locked")) {
      requireSuccess(await stack.pulumi(["cancel", "--yes"]));
    } else if (ended.output.includes("failed to load checkpoint")) {
      const mend = mendings.shift() ?? assert.fail(ended.output);
      mend();
    } else return ended;
  }
  return assert.fail(`the stack stays locked, or its state can't be read`);
}

/** Where a refusal can't tell which pair no stack holds, it names the command that does. */
async function adoptOrphans(stack: Stack, declared: Declared, ended: Run): Promise<boolean> {
  if (ended.code === 0 || !ended.output.includes("npx pulumi-ostor orphans tells")) return false;
  const keys = (await orphansOf(stack)).filter(({ kind }) => kind === "key");
  for (const { emailAddress, accessKeyIds } of keys) {
    declared.adoptKeys[emailAddress] = accessKeyIds.join();
  }
  return keys.length > 0;
}

/** Writes the lines that refusals name into the program; false when there is none. */
function adopt(declared: Declared, output: string): boolean {
  const users = [...output.matchAll(/create user (\S+): it exists already .*adopt: "(\w+)"/g)];
  const keys = [...output.matchAll(/create a key of user (\S+): .*adopt: "(\w+)"/g)];
  for (const [, address = "", id = ""] of users) declared.adoptUsers[address] = id;
  for (const [, address = "", id = ""] of keys) declared.adoptKeys[address] = id;
  return users.length + keys.length > 0;
}
