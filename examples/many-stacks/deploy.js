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

const help = `Usage: node deploy.js ${Object.keys(commands).join("|")} [options]

Runs a command on each stack that has a file in tenants/; ends with 1 if it failed on any, and
before it runs any if a stack of the project has no file.

  --at-once N  stacks side by side (default 2)
  --shard I/N  the share of this machine, the I-th of N (default 1/1: all stacks)
  --help       print this text`;

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

/** @param {string[]} args */
async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      "at-once": { type: "string", default: "2" },
      shard: { type: "string", default: "1/1" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(help);
  const [name = "", ...others] = positionals;
  const command = commands[name];
  if (!command) throw new Error(help);
  // `destroy cohort-00` must not destroy all.
  if (others.length > 0) throw new Error(`${name} takes all stacks, or --shard; not ${others[0]}`);
  const atOnce = numberOf(values["at-once"]);
  const share = stacksOf(values.shard);
  requireUnique();
  await requireFiles();
  if (share.length === 0) console.log(`no stack is left for --shard ${values.shard}`);
  await runAll(share, atOnce, command);
}

/** Refuses to pass over a stack whose file was lost: nobody would compare its tenants, and all would seem well. */
async function requireFiles() {
  const workspace = await LocalWorkspace.create({ workDir: __dirname });
  const files = stacks();
  // The CLI may name a stack with organization and project before it.
  const names = (await workspace.listStacks()).map(({ name }) => name.split("/").at(-1) ?? name);
  const lost = names.filter((name) => !files.includes(name));
  if (lost.length > 0) throw new Error(lost.map(wayOut).join("\n"));
  if (files.length === 0) throw new Error("tenants/ has no file <stack>.txt; nothing was run");
}

/** @param {string} name */
function wayOut(name) {
  const end = ["state unprotect --all", "destroy", "stack rm"]
    .map((words) => `pulumi ${words} --stack ${name}`)
    .join(", ");
  return `stack ${name} has no file tenants/${name}.txt; nothing was run: restore the file, or delete its tenants for good by ${end}`;
}

/**
 * @param {string[]} names
 * @param {number} atOnce
 * @param {(stack: Stack) => Promise<unknown>} command
 */
async function runAll(names, atOnce, command) {
  const waiting = [...names];
  let ended = 0;
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const told = await runOne(next, command);
      ended += 1;
      console.log(`${next}: ${told} (${ended} of ${names.length})`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/**
 * Each machine takes its share: `--shard 2/3` is the second of three.
 *
 * @param {string} shard
 */
function stacksOf(shard) {
  const [part, of, ...more] = shard.split("/").map(numberOf);
  if (!part || !of || part > of || more.length > 0)
    throw new Error(`--shard takes I/N such as 2/3, not ${shard}`);
  return stacks().filter((_, index) => index % of === part - 1);
}

/** @param {string} text */
function numberOf(text) {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Error(`${text} isn't a number from 1 on; --help lists the options`);
}

/**
 * Runs the command on one stack; one that fails doesn't hold the others up.
 *
 * @param {string} stackName
 * @param {(stack: Stack) => Promise<unknown>} command
 */
async function runOne(stackName, command) {
  const start = performance.now();
  const took = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const stack = await LocalWorkspace.createOrSelectStack({ stackName, workDir: __dirname });
    await command(stack);
    return `done in ${took()}`;
  } catch (error) {
    console.error(String(error));
    process.exitCode = 1;
    return `failed after ${took()}`;
  }
}
