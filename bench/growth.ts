import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFloor, openOurs, type Contender, type Options } from "./contenders";
import { yes } from "./measures";
import { plot, type Series } from "./plot";

const file = join(__dirname, "..", "docs", "growth.svg");

const fileBackend = "pulumi-ostor, file backend";

/** What is run of each size, once; the first makes the tenants. */
const commands = {
  up: ["up", ...yes],
  "up without changes": ["up", ...yes],
  refresh: ["refresh", ...yes],
};

/** Prints and plots how long commands take as tenants grow in number, to `docs/growth.svg`. */
export async function measureGrowth(delayMs: number, largest: number): Promise<void> {
  const sizes = [100, 1000, 10_000].filter((size) => size <= largest);
  const all: Series[] = [];
  for (const tenants of sizes) {
    const options = { tenants, delayMs, checkpoints: false };
    for (const open of [openFloor, openOurs]) await measure(await open(options), tenants, all);
  }
  // The file backend writes the whole state after each step: its curve is quadratic.
  for (const tenants of [100, 300, 1000].filter((size) => size <= largest)) {
    const options: Options = { tenants, delayMs, checkpoints: true };
    const ours = await openOurs(options, {}, fileBackend);
    await measure(ours, tenants, all, ["up"]);
  }
  const measured = seriesOf(all, `${fileBackend}: up`);
  all.push({
    name: "… extrapolated, not measured",
    points: extrapolated(measured, largest),
    isDashed: true,
  });
  writeFileSync(file, plot(all, { x: "tenants, one user and one key each", y: "seconds" }));
  console.log(`written: docs/growth.svg`);
}

/** Goes on as a power of the size, as the two largest do. */
function extrapolated({ points }: Series, to: number): Series["points"] {
  const [before, last] = points.slice(-2);
  if (!before || !last || to <= last[0]) return [];
  const exponent = Math.log(last[1] / before[1]) / Math.log(last[0] / before[0]);
  return [last, [to, last[1] * (to / last[0]) ** exponent]];
}

async function measure(
  contender: Contender,
  tenants: number,
  all: Series[],
  names = Object.keys(commands),
): Promise<void> {
  try {
    for (const [name, words] of Object.entries(commands)) {
      if (!names.includes(name)) continue;
      const start = performance.now();
      await contender.pulumi(words);
      const seconds = (performance.now() - start) / 1000;
      const label = `${contender.name}: ${name}`;
      const host = `${contender.hostMiB().toFixed(0)} MiB in the host`;
      console.log(`${label}, ${tenants} tenants: ${seconds.toFixed(1)} s, ${host}`);
      seriesOf(all, label).points.push([tenants, seconds]);
    }
  } finally {
    await contender.end();
  }
}

function seriesOf(all: Series[], name: string): Series {
  const known = all.find((each) => each.name === name);
  if (known) return known;
  const made = { name, points: [] };
  all.push(made);
  return made;
}
