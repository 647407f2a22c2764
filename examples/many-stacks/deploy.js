// @ts-check
const { parseArgs } = require("node:util");
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const { requireUnique, stacks } = require("./tenants");

/** @typedef {import("@pulumi/pulumi/automation").Stack} Stack */

/**
 * The running stacks. An aborted engine finishes its calls and records what they created.
 *
 * @type {Set<AbortController>}
 */
const running = new Set();
let isInterrupted = false;

/** @typedef {(stack: Stack, options: { signal: AbortSignal }) => Promise<unknown>} StackCommand */

/** @type {Record<string, StackCommand>} */
const commands = {
  up: (stack, { signal }) => stack.up({ refresh: true, signal }),
  drift: (stack, { signal }) => stack.preview({ refresh: true, expectNoChanges: true, signal }),
  destroy: (stack, { signal }) => stack.destroy({ signal }),
};

const help = `Usage: node deploy.js ${Object.keys(commands).join("|")} [options]

Runs a command on each stack that has a file in tenants/. Ends with 1 if it failed on a stack. Runs
nothing if a stack of the project has no file. On Ctrl-C or SIGTERM, it starts no further stack.

  --at-once N  how many stacks run at the same time (default 2)
  --shard I/N  the share of this machine, the I-th of N (default 1/1: all stacks)
  --help       print this text`;

process.on("SIGINT", () => {
  // A terminal also signals the engines. On a second signal, they exit without recording what they created.
  isInterrupted = true;
});
process.on("SIGTERM", () => {
  isInterrupted = true;
  for (const each of running) each.abort();
});

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
  // `destroy cohort-00` must not destroy all stacks.
  if (others.length > 0)
    throw new Error(`${name} runs on all stacks or on a --shard, not on ${others[0]}`);
  const atOnce = numberOf(values["at-once"]);
  const share = stacksOf(values.shard);
  requireUnique();
  const fullNames = await requireFiles();
  if (share.length === 0) console.log(`--shard ${values.shard} has no stacks`);
  await runAll(share, atOnce, (name) => runOne(fullNames.get(name) ?? name, command));
}

/**
 * Throws if a stack has no file: its tenants would not be compared, and the run would still succeed.
 *
 * @returns the name that the CLI lists for a file, with its organization: without it, another stack would be created
 */
async function requireFiles() {
  const workspace = await LocalWorkspace.create({ workDir: __dirname });
  const files = stacks();
  const names = (await workspace.listStacks()).map(({ name }) => name);
  const lost = names.filter((name) => !files.includes(fileOf(name)));
  if (lost.length > 0) throw new Error(lost.map(describeLost).join("\n"));
  if (files.length === 0) throw new Error("tenants/ has no file <stack>.txt; nothing was run");
  const fullNames = new Map(names.map((name) => [fileOf(name), name]));
  const twin = names.find((name) => fullNames.get(fileOf(name)) !== name);
  if (twin)
    throw new Error(
      `${twin} and ${fullNames.get(fileOf(twin))} have the same file; nothing was run`,
    );
  return fullNames;
}

/** @param {string} name */
function fileOf(name) {
  return name.split("/").at(-1) ?? name;
}

/** @param {string} name */
function describeLost(name) {
  const removal = ["state unprotect --all", "destroy", "stack rm"]
    .map((words) => `pulumi ${words} --stack ${name}`)
    .join(", ");
  return `stack ${name} has no file tenants/${fileOf(name)}.txt; nothing was run; restore the file, or delete its tenants by ${removal}`;
}

/**
 * @param {string[]} names
 * @param {number} atOnce
 * @param {(name: string) => Promise<string>} work - returns how it ended
 */
async function runAll(names, atOnce, work) {
  const waiting = [...names];
  const next = () => (isInterrupted ? undefined : waiting.shift());
  let ended = 0;
  const worker = async () => {
    for (let name = next(); name !== undefined; name = next()) {
      const result = await work(name);
      ended += 1;
      console.log(`${name}: ${result} (${ended} of ${names.length})`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (waiting.length > 0) throw new Error(`interrupted; not started: ${waiting.join(", ")}`);
}

/**
 * The stacks of a share: `--shard 2/3` is the second of three.
 *
 * @param {string} shard
 */
function stacksOf(shard) {
  const [part, of, ...more] = shard.split("/").map(numberOf);
  if (!part || !of || part > of || more.length > 0)
    throw new Error(`--shard must be I/N such as 2/3, is ${shard}`);
  return stacks().filter((_, index) => index % of === part - 1);
}

/** @param {string} text */
function numberOf(text) {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Error(`${text} is not a positive number; --help lists the options`);
}

/**
 * Runs the command on one stack. A failure does not stop the other stacks.
 *
 * @param {string} stackName
 * @param {StackCommand} command
 */
async function runOne(stackName, command) {
  const controller = new AbortController();
  running.add(controller);
  const start = performance.now();
  const took = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const stack = await LocalWorkspace.createOrSelectStack({ stackName, workDir: __dirname });
    if (isInterrupted) throw new Error(`${stackName}: interrupted before it started`);
    await command(stack, controller);
    return `done in ${took()}`;
  } catch (error) {
    console.error(String(error));
    process.exitCode = 1;
    return `failed after ${took()}`;
  } finally {
    running.delete(controller);
  }
}
