import Table from "cli-table3";
import { Command, InvalidArgumentError } from "commander";
import { openFloor, openOurs, type Contender, type Options } from "./contenders";
import { interleave, median, spread, type Taken } from "./interleave";

interface Measure {
  name: string;
  words: string[];
  /** Whether each run starts from nothing. */
  fromNothing?: boolean;
}

const yes = ["--yes", "--skip-preview"];
const measures: readonly Measure[] = [
  { name: "refresh", words: ["refresh", ...yes] },
  { name: "preview-refresh", words: ["preview", "--refresh"] },
  { name: "no-op-up", words: ["up", ...yes] },
  { name: "up", words: ["up", ...yes], fromNothing: true },
];

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("give a whole number");
  return Number(text);
}

void new Command("bench")
  .description(
    "Measures the package against a provider that does nothing, in turns on this machine.",
  )
  .argument("[measures...]", `of ${measures.map(({ name }) => name).join(", ")}; default: all`)
  .option("--tenants <n>", "users, with one key each", wholeNumber, 1000)
  .option("--delay-ms <n>", "what the service takes for a request", wholeNumber, 20)
  .option("--rounds <n>", "runs of each", wholeNumber, 5)
  .option("--checkpoints", "with the file backend's checkpoints", false)
  .action(async (names: string[], flags: Options & { rounds: number }) => {
    const chosen = measures.filter(({ name }) => names.length === 0 || names.includes(name));
    const contenders = [
      await openFloor(flags),
      await openOurs(flags),
      await openOurs(flags, { listKeys: true }, "where lists tell keys"),
    ];
    try {
      for (const contender of contenders) await contender.pulumi(["up", ...yes]);
      for (const measure of chosen) await run(measure, contenders, flags);
    } finally {
      for (const contender of contenders) await contender.end();
    }
  })
  .parseAsync();

async function run(
  { name, words, fromNothing = false }: Measure,
  contenders: Contender[],
  { tenants, delayMs, rounds }: Options & { rounds: number },
): Promise<void> {
  const clear = (contender: Contender) => contender.pulumi(["destroy", ...yes]);
  const taken = await interleave(contenders, words, rounds, fromNothing ? clear : undefined);
  console.log(`\n${name}, ${tenants} tenants, ${delayMs} ms a request, ${rounds} rounds`);
  console.log(tableOf(taken));
}

function tableOf(taken: Map<string, Taken>): string {
  const table = new Table({
    head: ["", "median s", "spread", "over the floor", "requests"],
    style: { head: [], border: [] },
  });
  const floor = median(taken.get("floor")?.ms ?? []);
  for (const [name, { ms, requests }] of taken) {
    const told = Object.entries(requests).map(([operation, count]) => `${count} ${operation}`);
    table.push([
      name,
      (median(ms) / 1000).toFixed(2),
      `${(spread(ms) * 100).toFixed(0)} %`,
      (median(ms) / floor).toFixed(2),
      told.join(", "),
    ]);
  }
  return table.toString();
}
