// @ts-check
import { findEngine } from "../../scripts/engine.mjs";
import { main } from "../../scripts/processes.mjs";

// Finds an engine in its own process, for tests of two processes and of Ctrl-C.
await main(async () => {
  const { source } = await findEngine(JSON.parse(process.argv[2] ?? "{}"));
  console.log(`source: ${source}`);
});
