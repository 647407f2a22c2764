// @ts-check
/** Loaded into each Node process of a run: the dynamic host leaves behind how much memory it took at the most. */
const { appendFileSync } = require("node:fs");

const file = process.env["BENCH_PEAKS"];
if (file !== undefined && /dynamic-provider/.test(process.argv[1] ?? "")) {
  process.on("exit", () => {
    appendFileSync(file, `${process.resourceUsage().maxRSS}\n`);
  });
  // The engine ends a host by a signal, which no exit handler sees where nothing listens to it.
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(1);
    });
  }
}
