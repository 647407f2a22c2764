// @ts-check
import { findEngine } from "../../scripts/engine.mjs";
import { main } from "../../scripts/processes.mjs";

// A process of its own that finds an engine: for tests of two at once, and of Ctrl-C.
await main(async () => {
  const { source } = await findEngine(JSON.parse(process.argv[2] ?? "{}"));
  console.log(`source: ${source}`);
});
