import { bare, callServer, list, user } from "../test/fuzz/giantLists";
import { median } from "./interleave";

/** Prints how long the client takes to read a list of all users, and the peak memory of its process. */
export async function measureLists(rounds: number): Promise<void> {
  const count = 100_000;
  const lists = {
    "without keys": () => list("[", bare, count, "]"),
    "two keys each": () => list("[", user, count, "]"),
  };
  for (const [name, pieces] of Object.entries(lists)) {
    const ms: number[] = [];
    let peak = 0;
    for (let round = 0; round < rounds; round += 1) {
      const { report } = await callServer("listUsers", pieces, 4096);
      ms.push(report.ms);
      peak = Math.max(peak, report.peakMiB);
    }
    console.log(
      `list of ${count} users, ${name}: ${(median(ms) / 1000).toFixed(2)} s, ${peak} MiB`,
    );
  }
}
