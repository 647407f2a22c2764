import Table from "cli-table3";
import { Command, InvalidArgumentError } from "commander";
import type { Contender, Options } from "./contenders";
import { measureDrift } from "./drift";
import { interleave, median, spread, type Measurement } from "./interleave";
import { measureGrowth } from "./growth";
import { measureLists } from "./list";
import { measureManyStacks } from "./manyStacks";
import { measures, noPrompt, openers, type Measure } from "./measures";

interface Flags extends Options {
  rounds: number;
  contenders?: number;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("must be a whole number");
  return Number(text);
}

/** Measurements that do not compare one command of several contenders. */
const others: Record<string, (flags: Flags) => Promise<void>> = {
  async drift(flags) {
    const { tenants, delayMs, rounds } = flags;
    const measured = await measureDrift(flags, rounds);
    console.log(`\ndrift, ${tenants} tenants, ${delayMs} ms per request, ${rounds} rounds`);
    console.log(tableOf(measured));
  },
  list: ({ rounds }) => measureLists(rounds),
  growth: ({ tenants, delayMs, rounds }) => measureGrowth(delayMs, tenants, rounds),
  "many-stacks": ({ tenants, delayMs }) => measureManyStacks(tenants, delayMs),
};
const names = [...measures.map(({ name }) => name), ...Object.keys(others)];

void new Command("npm run bench --")
  .description(
    "Compares the package with other implementations of the same work, in turns on this machine.",
  )
  .argument(
    "[measures...]",
    `any of ${names.join(", ")}, or the start of names, such as plugin; default: all`,
  )
  .option("--tenants <n>", "number of users, with one key each", wholeNumber, 1000)
  .option("--delay-ms <n>", "how long the service takes for a request", wholeNumber, 20)
  .option("--rounds <n>", "number of runs", wholeNumber, 5)
  .option("--contenders <n>", "compare only the first n contenders; default: all", wholeNumber)
  .option(
    "--against <folder>",
    "another built checkout to compare with, instead of lists with keys",
  )
  .option("--checkpoints", "let the file backend write checkpoints", false)
  .action(async (selected: string[], flags: Flags) => {
    const isChosen = ({ name }: { name: string }) =>
      selected.length === 0 ||
      selected.some((each) => name === each || name.startsWith(`${each}-`));
    for (const kind of Object.keys(openers) as (keyof typeof openers)[]) {
      const chosen = measures.filter((each) => each.contenders === kind && isChosen(each));
      const [first] = chosen;
      if (first) await runAll(kind, chosen, limited(flags, first));
    }
    for (const [name, measure] of Object.entries(others)) {
      if (isChosen({ name })) await measure(flags);
    }
  })
  .parseAsync();

function limited(flags: Flags, { maxTenants }: Measure): Flags {
  if (maxTenants === undefined) return flags;
  return { ...flags, tenants: Math.min(flags.tenants, maxTenants), checkpoints: true };
}

/** Runs the measurements of the same contenders, which are opened once. */
async function runAll(kind: keyof typeof openers, chosen: Measure[], flags: Flags): Promise<void> {
  const opened = await Promise.all(openers[kind](flags));
  const contenders = opened.slice(0, flags.contenders);
  try {
    for (const contender of contenders) await contender.pulumi(["up", ...noPrompt]);
    for (const measure of chosen) await runOne(measure, contenders, flags);
  } finally {
    for (const contender of opened) await contender.close();
  }
}

async function runOne(measure: Measure, contenders: Contender[], flags: Flags): Promise<void> {
  const { name, args, fromNothing = false } = measure;
  const { tenants, delayMs, rounds, checkpoints } = flags;
  const before = (contender: Contender) => contender.pulumi(["destroy", ...noPrompt]);
  const runs = { name, args, rounds, ...(fromNothing && { before }) };
  const measured = await interleave(contenders, runs);
  const backend = checkpoints ? "with checkpoints" : "without checkpoints";
  console.log(
    `\n${name}, ${tenants} tenants, ${delayMs} ms per request, ${rounds} rounds, ${backend}`,
  );
  console.log(tableOf(measured));
}

function tableOf(measured: Map<string, Measurement>): string {
  const [[first, reference] = []] = measured;
  const table = new Table({
    head: [
      "",
      "median s",
      "spread",
      `vs. ${first}`,
      "CPU s",
      "state kB",
      "host MiB",
      "program MiB",
      "requests",
    ],
    style: { head: [], border: [] },
  });
  for (const [name, { ms, cpu, stateBytes, requests, peaks }] of measured) {
    const counts = Object.entries(requests).map(([operation, count]) => `${count} ${operation}`);
    table.push([
      name,
      (median(ms) / 1000).toFixed(2),
      `${(spread(ms) * 100).toFixed(0)} %`,
      (median(ms) / median(reference?.ms ?? [])).toFixed(2),
      median(cpu).toFixed(2),
      (stateBytes / 1000).toFixed(0),
      ...[peaks.host, peaks.program].map((mib) => (mib === 0 ? "" : mib.toFixed(0))),
      counts.join(", "),
    ]);
  }
  return table.toString();
}
