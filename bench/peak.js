// @ts-check
/** Loaded into each Node process of a run: program, host or plugin, and command line write their peak memory to a file at exit. */
const { appendFileSync } = require("node:fs");

const file = process.env["BENCH_PEAKS"];
const [, role] =
  /(?:pulumi[/\\]cmd|dist)[/\\](run|dynamic-provider|cli)[/\\]|[/\\](pulumi-resource-ostor)$/
    .exec(process.argv[1] ?? "")
    ?.filter(Boolean) ?? [];
if (file !== undefined && role !== undefined) {
  process.on("exit", () => {
    appendFileSync(file, `${role} ${process.resourceUsage().maxRSS}\n`);
  });
  // The engine ends a host with a signal. Without a listener for it, Node does not call exit handlers.
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(1);
    });
  }
}
