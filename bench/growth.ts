import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openBaseline, openOurs, type Contender, type Options } from "./contenders";
import { interleave, median, spread, type Measurement } from "./interleave";
import { noPrompt } from "./measures";
import { plot, type Series } from "./plot";

const file = join(__dirname, "..", "docs", "growth.svg");

const fileBackend = "pulumi-ostor, file backend";

const up = ["up", ...noPrompt];

/** The commands to measure for each size, after the tenants are created. */
const commands = { "up without changes": up, refresh: ["refresh", ...noPrompt] };

/**
 * Prints how long commands take by the number of tenants, and plots it to `docs/growth.svg`. The first `up` runs once;
 * the other numbers are medians of all rounds.
 */
export async function measureGrowth(
  delayMs: number,
  largest: number,
  rounds: number,
): Promise<void> {
  const all: Series[] = [];
  for (const tenants of [100, 1000, 10_000].filter((size) => size <= largest)) {
    const options = { tenants, delayMs, checkpoints: false };
    await measure([await openBaseline(options), await openOurs(options)], tenants, rounds, all);
    draw(all, largest);
  }
  // The file backend writes the whole state after each step: its curve is quadratic.
  for (const tenants of [100, 300, 1000].filter((size) => size <= largest)) {
    const options: Options = { tenants, delayMs, checkpoints: true };
    await measure([await openOurs(options, {}, fileBackend)], tenants, 0, all);
    draw(all, largest);
  }
  console.log("wrote docs/growth.svg");
}

/** Writes the plot after each size: the largest sizes take an hour and may be interrupted. */
function draw(all: Series[], largest: number): void {
  const backend = all.find(({ name }) => name === `${fileBackend}: up`);
  const extrapolation = backend ? extrapolate(backend, largest) : [];
  const dashed = { name: "… extrapolated, not measured", points: extrapolation, isDashed: true };
  const curves = extrapolation.length === 0 ? all : [...all, dashed];
  writeFileSync(file, plot(curves, { x: "tenants, one user and one key each", y: "seconds" }));
}

/** Continues a curve with the exponent of its two largest sizes. */
function extrapolate({ points }: Series, to: number): Series["points"] {
  const [before, last] = points.slice(-2);
  if (!before || !last || to <= last[0]) return [];
  const exponent = Math.log(last[1] / before[1]) / Math.log(last[0] / before[0]);
  return [last, [to, last[1] * (to / last[0]) ** exponent]];
}

async function measure(
  contenders: Contender[],
  tenants: number,
  rounds: number,
  all: Series[],
): Promise<void> {
  const report = (name: string, { ms, peaks }: Measurement) => {
    const seconds = median(ms) / 1000;
    const spreadText = ms.length > 1 ? `, spread ${(spread(ms) * 100).toFixed(0)} %` : "";
    const memory = `${peaks.host.toFixed(0)} MiB in the host, ${peaks.program.toFixed(0)} in the program`;
    console.log(`${name}, ${tenants} tenants: ${seconds.toFixed(1)} s${spreadText}, ${memory}`);
    seriesOf(all, name).points.push([tenants, seconds]);
  };
  try {
    for (const contender of contenders) {
      const runs = { name: `up, ${tenants} tenants`, args: up, rounds: 1 };
      const measured = await interleave([contender], runs);
      for (const [name, each] of measured) report(`${name}: up`, each);
    }
    for (const [command, args] of rounds === 0 ? [] : Object.entries(commands)) {
      const runs = { name: `${command}, ${tenants} tenants`, args, rounds };
      const measured = await interleave(contenders, runs);
      for (const [name, each] of measured) report(`${name}: ${command}`, each);
    }
  } finally {
    for (const contender of contenders) await contender.close();
  }
}

function seriesOf(all: Series[], name: string): Series {
  const existing = all.find((each) => each.name === name);
  if (existing) return existing;
  const series = { name, points: [] };
  all.push(series);
  return series;
}
