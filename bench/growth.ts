import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openBaseline, openOurs, type Contender, type Options } from "./contenders";
import { interleave, median, spread, type Taken } from "./interleave";
import { yes } from "./measures";
import { plot, type Series } from "./plot";

const file = join(__dirname, "..", "docs", "growth.svg");

const fileBackend = "pulumi-ostor, file backend";

const up = ["up", ...yes];

/** What is run of each size, in turns, once the tenants are made. */
const commands = { "up without changes": up, refresh: ["refresh", ...yes] };

/**
 * Prints and plots how long commands take as tenants grow in number, to `docs/growth.svg`. Tenants are made once, what
 * follows is the median of as many runs as there are rounds.
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
  console.log("written: docs/growth.svg");
}

/** Writes what was measured so far: the largest sizes take an hour, and may be given up. */
function draw(all: Series[], largest: number): void {
  const backend = all.find(({ name }) => name === `${fileBackend}: up`);
  const rest = backend ? extrapolated(backend, largest) : [];
  const drawn = { name: "… extrapolated, not measured", points: rest, isDashed: true };
  const curves = rest.length === 0 ? all : [...all, drawn];
  writeFileSync(file, plot(curves, { x: "tenants, one user and one key each", y: "seconds" }));
}

/** Goes on as a power of the size, as the two largest do. */
function extrapolated({ points }: Series, to: number): Series["points"] {
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
  const tell = (name: string, { ms, peaks }: Taken) => {
    const seconds = median(ms) / 1000;
    const apart = ms.length > 1 ? `, spread ${(spread(ms) * 100).toFixed(0)} %` : "";
    const memory = `${peaks.host.toFixed(0)} MiB in the host, ${peaks.program.toFixed(0)} in the program`;
    console.log(`${name}, ${tenants} tenants: ${seconds.toFixed(1)} s${apart}, ${memory}`);
    seriesOf(all, name).points.push([tenants, seconds]);
  };
  try {
    for (const contender of contenders) {
      const runs = { name: `up, ${tenants} tenants`, words: up, rounds: 1 };
      const taken = await interleave([contender], runs);
      for (const [name, each] of taken) tell(`${name}: up`, each);
    }
    for (const [command, words] of rounds === 0 ? [] : Object.entries(commands)) {
      const runs = { name: `${command}, ${tenants} tenants`, words, rounds };
      const taken = await interleave(contenders, runs);
      for (const [name, each] of taken) tell(`${name}: ${command}`, each);
    }
  } finally {
    for (const contender of contenders) await contender.end();
  }
}

function seriesOf(all: Series[], name: string): Series {
  const known = all.find((each) => each.name === name);
  if (known) return known;
  const made = { name, points: [] };
  all.push(made);
  return made;
}
