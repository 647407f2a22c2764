// @ts-check
/** Loaded into each Node process of a run: program and dynamic host leave behind how much memory they took at the most. */
const { appendFileSync } = require("node:fs");

const file = process.env["BENCH_PEAKS"];
const [, role] = /pulumi[/\\]cmd[/\\](run|dynamic-provider)[/\\]/.exec(process.argv[1] ?? "") ?? [];
if (file !== undefined && role !== undefined) {
  process.on("exit", () => {
    appendFileSync(file, `${role} ${process.resourceUsage().maxRSS}\n`);
  });
  // The engine ends a host by a signal, which no exit handler sees where nothing listens to it.
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(1);
    });
  }
}
