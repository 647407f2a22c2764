// @ts-check
const { parseArgs } = require("node:util");
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const { requireUnique, stacks } = require("./tenants");

/** @typedef {import("@pulumi/pulumi/automation").Stack} Stack */

/** @type {Record<string, (stack: Stack) => Promise<unknown>>} */
const commands = {
  up: (stack) => stack.up({ refresh: true }),
  drift: (stack) => stack.preview({ refresh: true, expectNoChanges: true }),
  destroy: (stack) => stack.destroy(),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "at-once": { type: "string", default: "2" },
    shard: { type: "string", default: "1/1" },
  },
});

void main(positionals[0] ?? "");

/** @param {string} name */
async function main(name) {
  const command = commands[name];
  if (!command) throw new Error(`node deploy.js ${Object.keys(commands).join("|")}`);
  requireUnique();
  const waiting = stacksOf(values.shard);
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await report(next, command);
    }
  };
  await Promise.all(Array.from({ length: Number(values["at-once"]) }, worker));
}

/**
 * Each machine takes its share: `--shard 2/3` is the second of three.
 *
 * @param {string} shard
 */
function stacksOf(shard) {
  const [part = 1, of = 1] = shard.split("/").map(Number);
  return stacks().filter((_, index) => index % of === part - 1);
}

/**
 * One line for each stack as it ends; one that fails doesn't hold the others up.
 *
 * @param {string} stackName
 * @param {(stack: Stack) => Promise<unknown>} command
 */
async function report(stackName, command) {
  const start = performance.now();
  const took = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const stack = await LocalWorkspace.createOrSelectStack({ stackName, workDir: __dirname });
    await command(stack);
    console.log(`${stackName}: done in ${took()}`);
  } catch (error) {
    console.error(`${stackName}: failed after ${took()}\n${String(error)}`);
    process.exitCode = 1;
  }
}
