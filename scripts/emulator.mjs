// @ts-check
import { join } from "node:path";

import { main, run } from "./processes.mjs";
import { root, setupPackage } from "./setup.mjs";

await main(async () => {
  // Scripts read the standard output: it contains only the emulator's own lines.
  await setupPackage({ log: console.error });
  const cli = join(root, "dist", "emulator", "cli.js");
  const { code } = await run(process.execPath, [cli, ...process.argv.slice(2)]);
  return code;
});
