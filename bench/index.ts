import Table from "cli-table3";
import { Command, InvalidArgumentError } from "commander";
import type { Contender, Options } from "./contenders";
import { interleave, median, spread, type Taken } from "./interleave";
import { measureGrowth } from "./growth";
import { measureLists } from "./list";
import { measureManyStacks } from "./manyStacks";
import { measures, openers, yes, type Measure } from "./measures";

interface Flags extends Options {
  rounds: number;
  contenders?: number;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("give a whole number");
  return Number(text);
}

/** What isn't a command run by contenders in turns. */
const others: Record<string, (flags: Flags) => Promise<void>> = {
  list: ({ rounds }) => measureLists(rounds),
  growth: ({ tenants, delayMs, rounds }) => measureGrowth(delayMs, tenants, rounds),
  "many-stacks": ({ tenants, delayMs }) => measureManyStacks(tenants, delayMs),
};
const names = [...measures.map(({ name }) => name), ...Object.keys(others)];

void new Command("npm run bench --")
  .description("Measures the package against others doing as much, in turns on this machine.")
  .argument("[measures...]", `of ${names.join(", ")}; default: all`)
  .option("--tenants <n>", "users, with one key each", wholeNumber, 1000)
  .option("--delay-ms <n>", "what the service takes for a request", wholeNumber, 20)
  .option("--rounds <n>", "runs of each", wholeNumber, 5)
  .option("--contenders <n>", "the first so many of those compared; default: all", wholeNumber)
  .option("--against <folder>", "a built checkout to compare with, instead of lists with keys")
  .option("--checkpoints", "with the file backend's checkpoints", false)
  .action(async (asked: string[], flags: Flags) => {
    const isChosen = ({ name }: { name: string }) => asked.length === 0 || asked.includes(name);
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

function limited(flags: Flags, { mostTenants }: Measure): Flags {
  if (mostTenants === undefined) return flags;
  return { ...flags, tenants: Math.min(flags.tenants, mostTenants), checkpoints: true };
}

/** Measures of the same contenders, which are opened once. */
async function runAll(kind: keyof typeof openers, chosen: Measure[], flags: Flags): Promise<void> {
  const opened = await Promise.all(openers[kind](flags));
  const contenders = opened.slice(0, flags.contenders);
  try {
    for (const contender of contenders) await contender.pulumi(["up", ...yes]);
    for (const measure of chosen) await runOne(measure, contenders, flags);
  } finally {
    for (const contender of opened) await contender.end();
  }
}

async function runOne(measure: Measure, contenders: Contender[], flags: Flags): Promise<void> {
  const { name, words, fromNothing = false } = measure;
  const { tenants, delayMs, rounds, checkpoints } = flags;
  const before = (contender: Contender) => contender.pulumi(["destroy", ...yes]);
  const runs = { name, words, rounds, ...(fromNothing && { before }) };
  const taken = await interleave(contenders, runs);
  const backend = checkpoints ? "with checkpoints" : "without checkpoints";
  console.log(
    `\n${name}, ${tenants} tenants, ${delayMs} ms a request, ${rounds} rounds, ${backend}`,
  );
  console.log(tableOf(taken));
}

function tableOf(taken: Map<string, Taken>): string {
  const table = new Table({
    head: ["", "median s", "spread", "over the first", "host MiB", "program MiB", "requests"],
    style: { head: [], border: [] },
  });
  const [first] = taken.values();
  for (const [name, { ms, requests, peaks }] of taken) {
    const told = Object.entries(requests).map(([operation, count]) => `${count} ${operation}`);
    table.push([
      name,
      (median(ms) / 1000).toFixed(2),
      `${(spread(ms) * 100).toFixed(0)} %`,
      (median(ms) / median(first?.ms ?? [])).toFixed(2),
      ...[peaks.host, peaks.program].map((mib) => (mib === 0 ? "" : mib.toFixed(0))),
      told.join(", "),
    ]);
  }
  return table.toString();
}
